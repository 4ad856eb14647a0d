package dev.valija.message;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of attachments as others gave them, made fit to be shown and saved. */
public final class FileNames {
    private static final int LONGEST = 180;
    /** File systems take 255 octets; what is left is for the " (2)" and ".part" of whoever saves it. */
    private static final int MOST_OCTETS = 235;

    private static final int LONGEST_EXTENSION = 12;
    /** What a language needs on one letter; more is made to cover what stands around it. */
    private static final int MOST_MARKS = 4;

    /** Windows takes these for devices, whatever follows a dot. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\\s*(\\..*)?");

    /**
     * The last part of a path, on one line, at most 180 characters and 235 octets of UTF-8, without what hides, reorders
     * or is refused by systems; null for what is no name.
     */
    public static @Nullable String clean(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String decoded = HeaderDecoder.decode(name);
        decoded = decoded.substring(Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\')) + 1);
        String one = trimmed(visible(decoded).replaceAll(" {2,}", " "));
        if (one.isEmpty()) {
            return null;
        }
        if (DEVICE.matcher(one.toLowerCase(Locale.ROOT)).matches()) {
            one = "_" + one;
        }
        return shortened(one);
    }

    /** What stands after the last dot, in lower case; empty where there is nothing that could be one. */
    public static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= LONGEST_EXTENSION
                ? name.substring(dot + 1).toLowerCase(Locale.ROOT)
                : "";
    }

    /** Whether systems run a file of that name when it is opened. */
    public static boolean isProgram(String name) {
        return Programs.extension(extension(name));
    }

    /** Whether it pretends by a second extension to be something to read: {@code invoice.pdf.exe}. */
    public static boolean isDisguised(String name) {
        return isProgram(name) && Programs.document(extension(trimmed(name.substring(0, name.lastIndexOf('.')))));
    }

    private static String visible(String name) {
        var shown = new StringBuilder();
        int marks = 0;
        for (int c : Normalizer.normalize(name, Normalizer.Form.NFC)
                .codePoints()
                .limit(4_000)
                .toArray()) {
            marks = isMark(c) ? marks + 1 : 0;
            if (marks > MOST_MARKS || hidden(c)) {
                continue;
            }
            if ("<>:\"|?*".indexOf(c) >= 0) {
                shown.append('_');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c) || blank(c)) {
                shown.append(' ');
            } else {
                shown.appendCodePoint(c);
            }
        }
        return shown.toString();
    }

    /** A leading dot hides a file, a trailing one is dropped by some systems and with it what made it harmless. */
    private static String trimmed(String name) {
        return name.replaceAll("^[. ]+|[. ]+$", "");
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /** Letters by category, and nothing to see: the fillers of Hangul and the empty Braille cell. */
    private static boolean blank(int c) {
        return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x2800;
    }

    /** Format characters reorder or hide (bidi, zero width, tags); controls, surrogates, unassigned ones do worse. */
    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> !Character.isWhitespace(c); // a line break is where two words were apart
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** The end of a long name says what it is. */
    private static String shortened(String name) {
        if (fits(name)) {
            return name;
        }
        String end = extension(name).isEmpty() ? "" : name.substring(name.lastIndexOf('.'));
        var stem = new StringBuilder(name.substring(0, name.length() - end.length()));
        while (!stem.isEmpty() && !fits(stem + end)) {
            stem.setLength(stem.offsetByCodePoints(stem.length(), -1));
        }
        return trimmed(stem.toString()) + end;
    }

    private static boolean fits(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST
                && name.getBytes(StandardCharsets.UTF_8).length <= MOST_OCTETS;
    }

    private FileNames() {}
}
