package dev.valija.account;

/** An account's name, servers, state or limits changed. Published within the transaction. */
public record AccountChanged(UserId user, long accountId) {}
