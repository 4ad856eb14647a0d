package dev.valija.message;

import org.jspecify.annotations.Nullable;

/** Names of attachments as others gave them, made fit to be shown and saved. */
public final class FileNames {
    private static final int LONGEST = 180;

    /**
     * The last part of a path, on one line, at most 180 characters, without what hides, reorders or is refused by
     * systems; null for what is no name.
     */
    public static @Nullable String clean(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String decoded = HeaderDecoder.decode(name);
        decoded = decoded.substring(Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\')) + 1);
        var shown = new StringBuilder();
        decoded.codePoints().limit(4_000).forEach(c -> {
            if ("<>:\"|?*".indexOf(c) >= 0) {
                shown.append('_');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                shown.append(' ');
            } else if (!hidden(c)) {
                shown.appendCodePoint(c);
            }
        });
        // A leading dot hides a file, a trailing one is dropped by some systems and with it what made it harmless.
        String one = shown.toString().replaceAll(" {2,}", " ").replaceAll("^[. ]+|[. ]+$", "");
        return one.isEmpty() ? null : shortened(one);
    }

    /** Format characters reorder or hide (bidi, zero width, tags); controls, surrogates, unassigned ones do worse. */
    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
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
        int points = name.codePointCount(0, name.length());
        if (points <= LONGEST) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= 12 ? name.substring(dot) : "";
        int keep = LONGEST - extension.codePointCount(0, extension.length());
        return name.substring(0, name.offsetByCodePoints(0, keep)).strip() + extension;
    }

    private FileNames() {}
}
