package dev.valija.trust;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What the receiving server found out about a message (RFC 8601 2.7): each {@code pass}, {@code fail}, {@code softfail},
 * {@code neutral}, {@code policy}, {@code none}, {@code temperror}, {@code permerror}, or null where it did not look.
 *
 * @param server its authserv-id
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Authentication(
        String server,
        @Nullable String spf,
        @Nullable String dkim,
        @Nullable String dmarc) {}
