package dev.valija.account;

import dev.valija.upstream.ServerLogin;

/**
 * A provider has just let in a login whose account is about to be stored. Published before the transaction, so that
 * what the user sees first can be read meanwhile; nothing of it may be kept or shown until {@link AccountAdded}.
 */
public record LoginProven(ServerLogin login) {}
