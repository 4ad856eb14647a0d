package dev.valija.account;

/** An account's name, servers or state changed. Published within the transaction. */
public record AccountChanged(UserId user, long accountId) {}
