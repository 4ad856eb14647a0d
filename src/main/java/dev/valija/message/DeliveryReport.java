package dev.valija.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a mail server or a mail program reports of a message that was sent: whether it arrived (RFC 3464) or was read
 * (RFC 8098).
 *
 * @param reportedBy the name of the server or program that says so, or null
 * @param recipients for whom and what; at most 200
 * @param original the message it is about, as far as the report tells, or null
 */
public record DeliveryReport(
        Kind kind,
        @Nullable String reportedBy,
        List<Recipient> recipients,
        @Nullable Envelope original) {
    private static final int MOST_RECIPIENTS = 200;
    private static final Pattern STATUS = Pattern.compile("([245])\\.\\d{1,3}\\.\\d{1,3}");

    public DeliveryReport {
        recipients = List.copyOf(recipients);
    }

    public enum Kind {
        DELIVERY,
        DISPOSITION
    }

    /** What became of it. */
    public enum Outcome {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED,
        DISPLAYED,
        DELETED,
        UNKNOWN
    }

    /**
     * One recipient's share.
     *
     * @param address as the report has it; empty where it has none
     * @param status the enhanced code (RFC 3463), e.g. {@code 5.1.1}, or null
     * @param server the one that took or refused it, or null
     * @param diagnostic what that one said, or null
     * @param retryUntil until when it will be tried again, or null
     */
    public record Recipient(
            String address,
            Outcome outcome,
            @Nullable String status,
            @Nullable String server,
            @Nullable String diagnostic,
            @Nullable Instant retryUntil) {}

    /**
     * Reads a report.
     *
     * @param type the media type of the part
     * @param octets its content
     * @param original the header of the message it is about, where that came with it
     */
    public static DeliveryReport read(String type, byte[] octets, byte @Nullable [] original) {
        var groups = groups(new String(octets, StandardCharsets.ISO_8859_1));
        var about = original == null ? null : MimeReader.envelope(original);
        return type.contains("disposition") ? disposition(groups, about) : delivery(groups, about);
    }

    /** RFC 3464 2.1: groups of fields with blank lines between them, of which some write several. */
    private static List<HeaderBlock> groups(String text) {
        var groups = new ArrayList<HeaderBlock>();
        var group = new StringBuilder();
        for (String line : (Iterable<String>) Stream.concat(text.lines(), Stream.of(""))::iterator) {
            if (!line.isBlank()) {
                group.append(line).append('\n');
            } else if (!group.isEmpty() && groups.size() <= MOST_RECIPIENTS) {
                var fields = HeaderBlock.parse(group.toString().getBytes(StandardCharsets.ISO_8859_1));
                if (!fields.fields().isEmpty()) {
                    groups.add(fields);
                }
                group.setLength(0);
            }
        }
        return groups;
    }

    private static DeliveryReport delivery(List<HeaderBlock> groups, @Nullable Envelope original) {
        var recipients = new ArrayList<Recipient>();
        String server = null;
        for (HeaderBlock group : groups) {
            String said = value(group, "Reporting-MTA");
            server = server == null ? said : server;
            boolean ofRecipient = group.first("Final-Recipient") != null
                    || group.first("Original-Recipient") != null
                    || group.first("Action") != null;
            if (ofRecipient && recipients.size() < MOST_RECIPIENTS) {
                recipients.add(recipient(group));
            }
        }
        return new DeliveryReport(Kind.DELIVERY, server, recipients, original);
    }

    private static Recipient recipient(HeaderBlock group) {
        // RFC 3464 2.3.1: the address as the sender wrote it means more to them than what became of it.
        String address = value(group, "Original-Recipient");
        address = address == null ? value(group, "Final-Recipient") : address;
        var code = STATUS.matcher(HeaderDecoder.decode(group.first("Status")));
        String status = code.find() ? code.group() : null;
        return new Recipient(
                address == null ? "" : unbracketed(address),
                outcome(HeaderDecoder.decode(group.first("Action")), status),
                status,
                value(group, "Remote-MTA"),
                value(group, "Diagnostic-Code"),
                MessageDates.parse(group.first("Will-Retry-Until")));
    }

    private static Outcome outcome(String action, @Nullable String status) {
        return switch (action.toLowerCase(Locale.ROOT).split("[ ;(]", 2)[0]) {
            case "failed" -> Outcome.FAILED;
            case "delayed" -> Outcome.DELAYED;
            case "delivered" -> Outcome.DELIVERED;
            case "relayed" -> Outcome.RELAYED;
            case "expanded" -> Outcome.EXPANDED;
            default ->
                status == null
                        ? Outcome.UNKNOWN
                        : switch (status.charAt(0)) {
                            case '5' -> Outcome.FAILED;
                            case '4' -> Outcome.DELAYED;
                            default -> Outcome.DELIVERED;
                        };
        };
    }

    private static DeliveryReport disposition(List<HeaderBlock> groups, @Nullable Envelope original) {
        for (HeaderBlock group : groups) {
            String said = group.first("Disposition");
            if (said == null) {
                continue;
            }
            String address = value(group, "Original-Recipient");
            address = address == null ? value(group, "Final-Recipient") : address;
            // RFC 8098 3.2.6: "mode/mode; type/modifier"
            String type = HeaderDecoder.decode(said).toLowerCase(Locale.ROOT);
            type = type.substring(type.indexOf(';') + 1).strip().split("[/ ,]", 2)[0];
            var outcome = switch (type) {
                case "displayed", "processed" -> Outcome.DISPLAYED;
                case "dispatched" -> Outcome.RELAYED;
                case "deleted" -> Outcome.DELETED;
                case "denied", "failed" -> Outcome.FAILED;
                default -> Outcome.UNKNOWN;
            };
            String by = HeaderDecoder.decode(group.first("Reporting-UA"));
            return new DeliveryReport(
                    Kind.DISPOSITION,
                    by.isEmpty() ? null : by,
                    List.of(new Recipient(
                            address == null ? "" : unbracketed(address), outcome, null, null, null, null)),
                    original);
        }
        return new DeliveryReport(Kind.DISPOSITION, null, List.of(), original);
    }

    /** RFC 3464 2.1.2: what stands behind the type, as in {@code rfc822; anna@example.org}. */
    private static @Nullable String value(HeaderBlock group, String name) {
        String text = HeaderDecoder.decode(group.first(name));
        int semicolon = text.indexOf(';');
        boolean typed = semicolon > 0 && text.substring(0, semicolon).strip().matches("[A-Za-z0-9_-]{1,30}");
        String value = (typed ? text.substring(semicolon + 1) : text).strip();
        return value.isEmpty() ? null : HeaderDecoder.clean(value, 1000);
    }

    private static String unbracketed(String address) {
        return address.startsWith("<") && address.endsWith(">") && address.length() > 2
                ? address.substring(1, address.length() - 1)
                : address;
    }
}
