package dev.valija.upstream;

/** How TLS comes about. There is no plain text: promise 6. */
public enum Security {
    /** TLS from the first byte (RFC 8314): 993, 995, 465. */
    TLS,
    /** Starts in plain text and must switch before anything is said (RFC 9051 6.2.1, RFC 3207). */
    STARTTLS
}
