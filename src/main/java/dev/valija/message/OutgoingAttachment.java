package dev.valija.message;

import org.jspecify.annotations.Nullable;

/**
 * A file to go with a message.
 *
 * @param type the media type without parameters
 * @param contentId without angle brackets; the HTML shows it by {@code cid:} then, or null
 * @param content the octets, not encoded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, read once
public record OutgoingAttachment(
        String name, String type, @Nullable String contentId, byte[] content) {}
