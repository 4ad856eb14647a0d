package dev.valija.account;

/**
 * By what a request is let in.
 *
 * @param signInId the session or token
 * @param session whether it is a browser's session
 */
public record SignedIn(UserId user, long signInId, boolean session) {}
