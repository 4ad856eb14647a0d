package dev.valija.account;

/**
 * One mailbox account of a user at a provider.
 *
 * @param id ours, stable
 * @param address the addr-spec mail is sent from by default
 * @param name what the user calls it
 * @param credentialsRejected the provider refused the password; nothing is tried until the user gives a new one
 */
public record Account(long id, UserId user, String address, String name, boolean credentialsRejected) {}
