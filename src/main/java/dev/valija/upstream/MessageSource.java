package dev.valija.upstream;

import dev.valija.message.BodyPart;
import java.util.Map;

/**
 * What it takes to show a message: its header, its structure and its text parts; never an attachment.
 *
 * @param header the raw header block, with the blank line at its end
 * @param structure the MIME tree
 * @param parts the encoded octets of the text/plain and text/html leaves that are no attachments, by part id; each at
 *     most the store's limit for texts, longer ones are cut
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, read once
public record MessageSource(byte[] header, BodyPart structure, Map<String, byte[]> parts) {}
