package dev.valija.upstream;

import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import java.time.Instant;
import java.util.Set;

/**
 * A row of a list: all that can be told of a message without its text.
 *
 * @param receivedAt INTERNALDATE
 * @param size octets (RFC822.SIZE)
 */
public record RemoteMessage(
        RemoteId id, Envelope envelope, Instant receivedAt, long size, Set<Keyword> keywords, BodyPart structure) {}
