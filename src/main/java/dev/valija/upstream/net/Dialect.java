package dev.valija.upstream.net;

import java.nio.charset.StandardCharsets;

/** How a protocol says hello and asks for TLS. */
public enum Dialect {
    /** RFC 9051 6.2.1. Its lines and literals are bounded by the IMAP reader, which alone can tell them apart. */
    IMAP("* OK ready\r\n", Integer.MAX_VALUE),
    /** RFC 2595 4. Lines of mail are lines of the protocol here, and some mail has long ones. */
    POP3("+OK ready\r\n", 1 << 20),
    /** RFC 3207. A reply line has 512 octets (RFC 5321 4.5.3.1.5); servers exceed that a little. */
    SMTP("220 ready\r\n", 8 << 10),
    /** RFC 9112. The client speaks first; its reader bounds the lines of the header, and bodies have none. */
    HTTP("", Integer.MAX_VALUE);

    private final String greeting;
    private final int longestLine;

    Dialect(String greeting, int longestLine) {
        this.greeting = greeting;
        this.longestLine = longestLine;
    }

    /** What to replay after STARTTLS, where the real greeting came in plain text and must not be believed. */
    byte[] greeting() {
        return greeting.getBytes(StandardCharsets.US_ASCII);
    }

    boolean serverSpeaksFirst() {
        return this != HTTP;
    }

    int longestLine() {
        return longestLine;
    }
}
