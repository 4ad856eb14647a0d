package dev.valija.contact;

import dev.valija.account.UserId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes contacts as vCards 4.0 (RFC 6350). No value can end its line and begin another. */
final class VCardWriter {
    /** In octets (RFC 6350 3.2). */
    private static final int LONGEST_LINE = 75;

    /** The contact's card. It has the same UID each time, so that who takes the file in again knows whom it has. */
    static byte[] card(UserId user, Contact contact) {
        var name = contact.name();
        var out = new StringBuilder(200);
        line(out, "BEGIN:VCARD");
        line(out, "VERSION:4.0");
        line(out, "UID:urn:uuid:" + uid(user, contact));
        line(out, "FN:" + text(name == null ? contact.email() : name)); // RFC 6350 6.2.1: there must be one
        line(out, "EMAIL:" + text(contact.email()));
        line(out, "END:VCARD");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static UUID uid(UserId user, Contact contact) {
        var id = "valija:%s:%s".formatted(user, contact.id());
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 6350 3.4. */
    private static String text(String value) {
        var text = new StringBuilder(value.length() + 8);
        value.codePoints().forEach(c -> {
            switch (c) {
                case '\\', ',', ';' -> text.append('\\').appendCodePoint(c);
                default -> text.appendCodePoint(Character.isISOControl(c) ? ' ' : c);
            }
        });
        return text.toString();
    }

    /** Folds within no character (RFC 6350 3.2). */
    private static void line(StringBuilder out, String line) {
        int octets = 0;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (octets + size > LONGEST_LINE) {
                out.append("\r\n ");
                octets = 1;
            }
            out.appendCodePoint(c);
            octets += size;
            i += Character.charCount(c);
        }
        out.append("\r\n");
    }

    private VCardWriter() {}
}
