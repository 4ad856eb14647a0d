package dev.valija.account;

/** Every column that holds a key of {@link DataKeys}, beside one that names the master key. */
public enum WrappedColumn {
    UPLOAD("upload", "user_id", "data_key");

    private final String table;
    private final String userColumn;
    private final String column;

    WrappedColumn(String table, String userColumn, String column) {
        this.table = table;
        this.userColumn = userColumn;
        this.column = column;
    }

    /** Binds a key to its place, so that it cannot be moved to another user or column. */
    String place(UserId user) {
        return table + "." + column + "." + user;
    }

    /** User, master key and key of those under another master key than the one given. */
    String select() {
        return "select %s, master_key, %s from %s where master_key <> ?".formatted(userColumn, column, table);
    }

    /** In place of the user's key as it was: no two are alike. */
    String update() {
        return "update %s set master_key = ?, %s = ? where %s = ? and %s = ?"
                .formatted(table, column, userColumn, column);
    }
}
