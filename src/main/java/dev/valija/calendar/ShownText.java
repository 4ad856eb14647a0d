package dev.valija.calendar;

/** Texts of a calendar file made fit to be shown: bounded, without controls and without what reorders its neighbours. */
final class ShownText {

    /** One line, single blanks inside. */
    static String line(String text, int longest) {
        return clean(text, longest, false);
    }

    /** Several lines. */
    static String lines(String text, int longest) {
        return clean(text, longest, true);
    }

    private static String clean(String text, int longest, boolean keepBreaks) {
        var out = new StringBuilder(Math.min(text.length(), longest));
        int blanks = 0;
        boolean broken = false;
        for (int i = 0; i < text.length() && out.length() < longest; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (keepBreaks && c == '\n') {
                broken = true;
                blanks++;
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                blanks++;
            } else if (!hidden(c)) {
                if (blanks > 0 && !out.isEmpty()) {
                    out.append(broken ? (blanks > 1 ? "\n\n" : "\n") : " ");
                }
                blanks = 0;
                broken = false;
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    /** Joiners stay: emoji and some scripts are written with them. */
    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d;
            default -> false;
        };
    }

    private ShownText() {}
}
