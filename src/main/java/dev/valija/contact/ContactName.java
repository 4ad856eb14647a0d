package dev.valija.contact;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of people as they may stand in a list, a header and a vCard: on one line, and not too long. */
final class ContactName {
    /** In characters. */
    static final int LONGEST = 200;

    private static final Pattern BLANKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+");

    /** The name, or null where there is none to speak of. */
    static @Nullable String of(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var line = BLANKS.matcher(text).replaceAll(" ").strip();
        if (line.length() > LONGEST) {
            int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            line = line.substring(0, end).strip();
        }
        return line.isEmpty() ? null : line;
    }

    private ContactName() {}
}
