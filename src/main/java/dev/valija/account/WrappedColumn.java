package dev.valija.account;

import org.jspecify.annotations.Nullable;

/** Every column that holds a key of {@link DataKeys}, beside one that names the master key. */
public enum WrappedColumn {
    UPLOAD("upload", "user_id", "data_key", null),
    COLLECTION("collection", "user_id", "data_key", "password");

    private final String table;
    private final String userColumn;
    private final String column;
    private final @Nullable String sealedColumn;

    WrappedColumn(String table, String userColumn, String column, @Nullable String sealedColumn) {
        this.table = table;
        this.userColumn = userColumn;
        this.column = column;
        this.sealedColumn = sealedColumn;
    }

    /** Binds a key to its place, so that it cannot be moved to another user or column. */
    String place(UserId user) {
        return table + "." + column + "." + user;
    }

    /** The same for what is sealed under that key in the same row, and is sealed anew when the master key changes. */
    public String sealedPlace(UserId user) {
        return table + "." + sealedColumn + "." + user;
    }

    /** Whether the same row has all that is sealed under the key. */
    boolean hasSealed() {
        return sealedColumn != null;
    }

    /** User, master key, key and what is sealed under it, of those under another master key than the one given. */
    String select() {
        return "select %s, master_key, %s, %s from %s where master_key <> ?"
                .formatted(userColumn, column, sealedColumn, table);
    }

    /** In place of the user's key as it was: no two are alike. */
    String update() {
        var sealed = sealedColumn == null ? "" : sealedColumn + " = ?, ";
        return "update %s set %smaster_key = ?, %s = ? where %s = ? and %s = ?"
                .formatted(table, sealed, column, userColumn, column);
    }
}
