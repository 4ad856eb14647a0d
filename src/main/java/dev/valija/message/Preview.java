package dev.valija.message;

import java.util.regex.Pattern;

/** The first words of a message, for lists: what its writer said, not what was quoted, linked or hidden. */
public final class Preview {
    /** RFC 8970 3.2 and RFC 8621 4.1.4: at most 256 characters. */
    public static final int LONGEST = 256;

    private static final int ENOUGH_INPUT = 64 * 1024;
    /** "On 3 May 2026, Anna wrote:" in the languages that mailers write it in. */
    private static final Pattern ATTRIBUTION = Pattern.compile(
            "(?i).{0,300}\\b(wrote|schrieb|écrit|escribió|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał\\(?a?\\)?|napsal"
                    + "|написал\\(?а?\\)?|yazdı|写道)\\s?.{0,40}[:：]\\s*$");

    private static final Pattern ATTRIBUTION_START =
            Pattern.compile("(?i)^(on|am|le|el|il|em|op|den|dne|dnia)\\s.{5,200}$");
    private static final Pattern SEPARATOR = Pattern.compile(
            "(?i)^[-_=*#~.\\s]{3,}$|^-{2,}\\s*(original message|forwarded message|ursprüngliche nachricht"
                    + "|weitergeleitete nachricht|message d'origine|mensaje original).*$");
    private static final Pattern LINK = Pattern.compile("(?i)[<(\\[]?(https?://|www\\.)\\S+[>)\\]]?");
    private static final Pattern IMAGE = Pattern.compile("(?i)\\[(image|cid|inline)[^\\]]{0,200}\\]");

    /** The preview of a plain text. */
    public static String ofText(String text) {
        String start = text.length() > ENOUGH_INPUT ? text.substring(0, ENOUGH_INPUT) : text;
        String own = collect(start, true);
        return own.isEmpty() ? collect(start, false) : own;
    }

    /** The preview of an HTML text. */
    public static String ofHtml(String html) {
        return ofText(HtmlToText.of(html));
    }

    private static String collect(String text, boolean ownWordsOnly) {
        var out = new StringBuilder();
        String[] lines = text.split("\\r\\n|[\\r\\n\\u2028\\u2029]", -1);
        for (int i = 0; i < lines.length && out.length() <= LONGEST; i++) {
            String line = visible(lines[i]);
            if (line.equals("--") && !out.isEmpty()) {
                break; // RFC 3676 4.3: the signature
            }
            if (line.isEmpty() || SEPARATOR.matcher(line).matches()) {
                continue;
            }
            if (ownWordsOnly && (line.startsWith(">") || isAttribution(lines, i, line))) {
                continue;
            }
            String words = HeaderDecoder.clean(
                    IMAGE.matcher(LINK.matcher(line).replaceAll(" ")).replaceAll(" "), 2 * LONGEST);
            String shown = ownWordsOnly ? words : words.replaceFirst("^(>\\s?)+", "");
            if (hasWords(shown)) {
                out.append(out.isEmpty() ? "" : " ").append(shown);
            }
        }
        return cut(out);
    }

    /** The attribution may be broken over two lines by the mailer. */
    private static boolean isAttribution(String[] lines, int i, String line) {
        if (ATTRIBUTION.matcher(line).matches()) {
            return nextIsQuoteOrEnd(lines, i);
        }
        if (i + 1 < lines.length && ATTRIBUTION_START.matcher(line).matches()) {
            String both = line + " " + visible(lines[i + 1]);
            if (both.length() < 400 && ATTRIBUTION.matcher(both).matches() && nextIsQuoteOrEnd(lines, i + 1)) {
                lines[i + 1] = "";
                return true;
            }
        }
        return false;
    }

    private static boolean nextIsQuoteOrEnd(String[] lines, int i) {
        for (int next = i + 1; next < lines.length; next++) {
            String line = visible(lines[next]);
            if (!line.isEmpty()) {
                return line.startsWith(">");
            }
        }
        return true;
    }

    private static boolean hasWords(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isLetterOrDigit(c) || Character.getType(c) == Character.OTHER_SYMBOL);
    }

    /**
     * A line without the invisible characters that newsletters pad their preheader with: zero-width spaces and joiners,
     * soft hyphens, combining grapheme joiners, word joiners. Joiners between letters and emoji mean something and stay.
     */
    private static String visible(String line) {
        var out = new StringBuilder(line.length());
        for (int i = 0; i < line.length() && out.length() < 4 * LONGEST; ) {
            int c = line.codePointAt(i);
            int width = Character.charCount(c);
            boolean joiner = c == 0x200c || c == 0x200d;
            boolean padding = c == 0x034f
                    || c == 0x00ad
                    || c == 0x061c
                    || c == 0x180e
                    || c == 0x200b
                    || (c >= 0x2060 && c <= 0x2064)
                    || c == 0xfeff
                    || c == 0x2800
                    || c == 0x3164;
            if (joiner) {
                int before = out.isEmpty() ? ' ' : out.codePointBefore(out.length());
                int after = i + width < line.length() ? line.codePointAt(i + width) : ' ';
                padding = isBlank(before) || isBlank(after);
            }
            if (!padding) {
                out.appendCodePoint(isBlank(c) ? ' ' : c);
            }
            i += width;
        }
        return out.toString().strip();
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x034f || c == 0x200c || c == 0x200d;
    }

    private static String cut(StringBuilder text) {
        if (text.length() <= LONGEST) {
            return text.toString();
        }
        int end = LONGEST - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        int blank = text.lastIndexOf(" ", end);
        return text.substring(0, blank > LONGEST - 30 ? blank : end) + "…";
    }

    private Preview() {}
}
