package dev.valija.upload;

import java.time.Instant;

/**
 * A file on its way to be an attachment.
 *
 * @param name as the user has it, without control characters
 * @param type the media type the sender claims
 * @param length of all of it, in octets
 * @param offset how many of them have come, from the beginning on
 * @param expiresAt when it goes unless a draft or a submission holds it
 */
public record Upload(String id, String name, String type, long length, long offset, Instant expiresAt) {

    /** Whether all of it is here. */
    public boolean finished() {
        return offset == length;
    }
}
