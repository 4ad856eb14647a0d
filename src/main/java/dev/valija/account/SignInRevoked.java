package dev.valija.account;

/** A session or token is worthless from now on. Published within the transaction. */
public record SignInRevoked(UserId user, long signInId) {}
