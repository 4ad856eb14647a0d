package dev.valija.calendar;

import dev.valija.message.MimeWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is named in an event: ORGANIZER or ATTENDEE (RFC 5545 3.8.4).
 *
 * @param name on one line, or null
 * @param email of a mailto URI; empty for any other and for what is no address
 * @param status PARTSTAT in lower case; {@code needs-action} where none is given, {@code unknown} for what is none
 * @param role {@code chair}, {@code required}, {@code optional} or {@code none} (only told)
 * @param kind {@code individual}, {@code group}, {@code room}, {@code resource} or {@code unknown}
 */
record Participant(@Nullable String name, String email, String status, String role, String kind) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_EMAIL = 320;

    static Participant of(Property property) {
        String uri = property.value().strip();
        String email = email(uri);
        String name = ShownText.line(parameter(property, "CN"), LONGEST_NAME);
        if (name.isEmpty() && email.isEmpty()) {
            name = ShownText.line(uri, LONGEST_NAME);
        }
        return new Participant(
                name.isEmpty() || name.equalsIgnoreCase(email) ? null : name,
                email,
                status(parameter(property, "PARTSTAT")),
                role(parameter(property, "ROLE")),
                kind(parameter(property, "CUTYPE")));
    }

    boolean is(String address) {
        return !email.isEmpty() && email.equalsIgnoreCase(address);
    }

    private static String parameter(Property property, String name) {
        var value = property.parameter(name);
        return value == null ? "" : value;
    }

    /** The one address of a mailto URI (RFC 6068); one with fields of its own, or that no mail can go to, is none. */
    private static String email(String uri) {
        if (uri.length() > LONGEST_EMAIL || !uri.regionMatches(true, 0, "mailto:", 0, 7)) {
            return "";
        }
        try {
            String address = URLDecoder.decode(uri.substring(7).replace("+", "%2B"), StandardCharsets.UTF_8)
                    .strip();
            MimeWriter.wireAddress(address);
            return address;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String status(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "", "NEEDS-ACTION" -> "needs-action";
            case "ACCEPTED" -> "accepted";
            case "DECLINED" -> "declined";
            case "TENTATIVE" -> "tentative";
            case "DELEGATED" -> "delegated";
            default -> "unknown";
        };
    }

    private static String role(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "CHAIR" -> "chair";
            case "OPT-PARTICIPANT" -> "optional";
            case "NON-PARTICIPANT" -> "none";
            default -> "required";
        };
    }

    private static String kind(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "", "INDIVIDUAL" -> "individual";
            case "GROUP" -> "group";
            case "ROOM" -> "room";
            case "RESOURCE" -> "resource";
            default -> "unknown";
        };
    }
}
