package dev.valija.upstream;

/**
 * Everything needed to reach one account's provider; the key of its connections.
 *
 * @param accountId whose connections these are; bounds and pools are per account
 * @param store the IMAP server
 * @param transport the submission server
 */
public record ServerLogin(long accountId, ServerSettings store, ServerSettings transport, Credentials credentials) {}
