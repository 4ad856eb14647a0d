package dev.valija.upstream;

/** How far a mailbox has been read (RFC 8620 1.2 "state"). Opaque; written by a store, kept by the index, given back. */
public record SyncState(String value) {}
