package dev.valija.account;

/**
 * Every column that holds something encrypted under its account's data key: the one list that encryption and rotation
 * go by.
 */
enum EncryptedColumn {
    ACCOUNT_PASSWORD("account", "id", "password");

    private final String table;
    private final String accountColumn;
    private final String column;

    EncryptedColumn(String table, String accountColumn, String column) {
        this.table = table;
        this.accountColumn = accountColumn;
        this.column = column;
    }

    /** Binds a value to its place, so that it cannot be moved to another account or column. */
    String place(long accountId) {
        return table + "." + column + "." + accountId;
    }

    String select() {
        return "select %s from %s where %s = ? and %s is not null".formatted(column, table, accountColumn, column);
    }

    String update() {
        return "update %s set %s = ? where %s = ?".formatted(table, column, accountColumn);
    }
}
