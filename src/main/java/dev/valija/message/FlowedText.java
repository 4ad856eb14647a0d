package dev.valija.message;

/** Joins lines again that were broken to be sent (RFC 3676): a paragraph becomes one line, its quote marks before it. */
final class FlowedText {
    private static final int LONGEST_PARAGRAPH = 100_000;

    /**
     * The text as its writer saw it.
     *
     * @param flow how it was broken; a fixed text is given back as it is
     */
    static String joined(String text, BodyPart.Flow flow) {
        return switch (flow) {
            case FIXED -> text;
            case FLOWED -> joined(text, false);
            case FLOWED_WITHOUT_BLANKS -> joined(text, true);
        };
    }

    private static String joined(String text, boolean withoutBlanks) {
        var out = new StringBuilder(text.length());
        int depth = -1; // of the paragraph that goes on, or -1
        int paragraph = 0;
        for (int from = 0; from <= text.length(); ) {
            int end = lineEnd(text, from);
            int quoted = quoteDepth(text, from, end);
            int start = from + quoted;
            // RFC 3676 4.4: one blank before the text is stuffing.
            boolean stuffed = start < end && text.charAt(start) == ' ';
            start += stuffed ? 1 : 0;
            boolean signature = end - start == 3 && text.startsWith("-- ", start);
            if (depth != quoted || signature || out.length() - paragraph > LONGEST_PARAGRAPH) {
                if (depth >= 0) {
                    out.append('\n'); // RFC 3676 4.5: a change of depth ends a paragraph, whatever its line says
                }
                paragraph = out.length();
                quote(out, quoted);
                if (quoted == 0 && start < end && text.charAt(start) == '>') {
                    out.append(' '); // else it would be taken for a quote
                }
            }
            boolean soft = !signature && end > start && text.charAt(end - 1) == ' ';
            out.append(text, start, soft && withoutBlanks ? end - 1 : end);
            from = next(text, end);
            boolean last = from > text.length();
            depth = soft && !last ? quoted : -1;
            if (!soft && !last) {
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static void quote(StringBuilder out, int depth) {
        if (depth > 0) {
            out.append(">".repeat(depth)).append(' ');
        }
    }

    private static int quoteDepth(String text, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) == '>') {
            at++;
        }
        return at - from;
    }

    private static int lineEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '\r' && text.charAt(at) != '\n') {
            at++;
        }
        return at;
    }

    /** Behind the line break; behind the end of the text where there is none. */
    private static int next(String text, int end) {
        return text.startsWith("\r\n", end) ? end + 2 : end + 1;
    }

    private FlowedText() {}
}
