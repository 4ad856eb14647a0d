package dev.valija.account;

/** An account is there and its credentials work, or work again. Published within the transaction. */
public record AccountAdded(UserId user, long accountId) {}
