package dev.valija.contact;

import dev.valija.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a page of a list by name begins: after that contact. Its text form says nothing to clients. */
record ContactCursor(ContactList list, String sortKey, long id) {

    /** Where the list begins. */
    static ContactCursor start(ContactList list) {
        return new ContactCursor(list, "", 0);
    }

    String text() {
        var key = sortKey.getBytes(StandardCharsets.UTF_8);
        var octets = ByteBuffer.allocate(1 + Long.BYTES + key.length)
                .put(mark(list))
                .putLong(id)
                .put(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets.array());
    }

    /** Reads a cursor. @throws ProblemException invalid-request when it is none, or another list's */
    static ContactCursor parse(ContactList list, String text) {
        byte[] octets;
        try {
            octets = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw bad();
        }
        if (list == ContactList.SUGGESTED || octets.length <= Long.BYTES || octets[0] != mark(list)) {
            throw bad();
        }
        var id = ByteBuffer.wrap(octets, 1, Long.BYTES).getLong();
        var key = new String(octets, 1 + Long.BYTES, octets.length - 1 - Long.BYTES, StandardCharsets.UTF_8);
        if (id < 0 || key.indexOf('\0') >= 0) {
            throw bad();
        }
        return new ContactCursor(list, key, id);
    }

    private static byte mark(ContactList list) {
        return (byte) list.name().charAt(0);
    }

    private static ProblemException bad() {
        return ProblemException.invalid("cursor", "is not a cursor of this list");
    }
}
