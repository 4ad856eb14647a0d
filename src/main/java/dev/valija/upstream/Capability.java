package dev.valija.upstream;

/** What a store can do that callers may have to know of. Everything else is repaired beneath the port. */
public enum Capability {
    /** Tells changed keywords since a state without listing all messages (RFC 7162 CONDSTORE). */
    INCREMENTAL_CHANGES,
    /** Sorts on the server (RFC 5256). */
    SORT,
    /** Pushes changes of the watched mailbox (RFC 2177). */
    IDLE,
    /** Keeps keywords of any name (PERMANENTFLAGS \*). */
    ANY_KEYWORD,
    /** Moves in one step (RFC 6851); elsewhere it is a copy and a removal, which can be interrupted in between. */
    MOVE,
    /** Makes preview texts itself (RFC 8970). */
    PREVIEW
}
