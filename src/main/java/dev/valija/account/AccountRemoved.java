package dev.valija.account;

/** An account and all we knew of it is gone. Published within the transaction. */
public record AccountRemoved(UserId user, long accountId) {}
