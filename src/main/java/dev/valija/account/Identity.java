package dev.valija.account;

import org.jspecify.annotations.Nullable;

/**
 * A name and address to send as (RFC 8621 6).
 *
 * @param signatureHtml appended by clients when they compose, or null
 */
public record Identity(
        long id,
        long accountId,
        @Nullable String name,
        String email,
        @Nullable String signatureHtml) {}
