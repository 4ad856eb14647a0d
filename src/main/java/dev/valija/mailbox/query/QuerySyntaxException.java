package dev.valija.mailbox.query;

/** A query that cannot be read. The message is for the user's eyes and names the position. */
public final class QuerySyntaxException extends RuntimeException {
    private final int position;

    QuerySyntaxException(int position, String detail) {
        super("at character %d: %s".formatted(position, detail));
        this.position = position;
    }

    /** Where, in characters as a person counts them, from 1. */
    public int position() {
        return position;
    }
}
