package dev.valija.mailbox.query;

/** A query that cannot be read. The message is for the user's eyes and names the position. */
public final class QuerySyntaxException extends RuntimeException {
    private final int offset;
    private final int length;

    QuerySyntaxException(String query, int offset, int length, String detail) {
        super("at character %d: %s".formatted(query.codePointCount(0, offset) + 1, detail));
        this.offset = offset;
        this.length = length;
    }

    /** Where the fault begins, in UTF-16 units from 0: what a text box selects by. */
    public int offset() {
        return offset;
    }

    /** How far the fault goes, in UTF-16 units; 0 where something is missing. */
    public int length() {
        return length;
    }
}
