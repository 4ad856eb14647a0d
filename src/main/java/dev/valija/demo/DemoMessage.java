package dev.valija.demo;

import java.time.Instant;
import java.util.Set;

/**
 * A message as the demo's server holds it.
 *
 * @param mailbox the path, segments separated by slashes
 * @param keywords of IMAP, in lower case without backslash
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, read once
record DemoMessage(String mailbox, Set<String> keywords, Instant receivedAt, byte[] content) {}
