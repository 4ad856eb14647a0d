package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * The text of Outlook's rich text: the page that was wrapped into it (MS-OXRTFEX), or else its plain words. Fonts,
 * colours and pictures are left out.
 */
final class RtfText {
    private static final int LONGEST = 4 << 20;
    private static final int DEEPEST = 200;
    private static final Set<String> UNSEEN = Set.of(
            "fonttbl",
            "colortbl",
            "stylesheet",
            "info",
            "pict",
            "object",
            "header",
            "footer",
            "footnote",
            "themedata",
            "listtable",
            "listoverridetable",
            "rsidtbl",
            "generator",
            "datastore",
            "latentstyles",
            "pntext");

    private final String rtf;
    private final boolean wrapsPage;
    private final StringBuilder out = new StringBuilder();
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final Deque<Group> groups = new ArrayDeque<>();
    private Charset charset = Charset.forName("windows-1252");
    private Group group = new Group(false, false, false, 1);
    private int at;
    private int toSkip;

    /**
     * What holds within braces.
     *
     * @param tag whether it is HTML as it stood in the page
     * @param rtfOnly whether it is only for readers of RTF
     * @param unicodeSkip how many characters stand for one of Unicode, for those who do not know it
     */
    private record Group(boolean unseen, boolean tag, boolean rtfOnly, int unicodeSkip) {}

    private RtfText(String rtf) {
        this.rtf = rtf;
        this.wrapsPage = rtf.substring(0, Math.min(rtf.length(), 4000)).contains("\\fromhtml");
    }

    /**
     * Text that was taken out.
     *
     * @param isPage whether it is HTML
     */
    record Text(String text, boolean isPage) {}

    /** @param rtf octets as characters up to U+00FF */
    static Text of(String rtf) {
        var reader = new RtfText(rtf);
        reader.read();
        return new Text(reader.out.toString().strip(), reader.wrapsPage);
    }

    private void read() {
        while (at < rtf.length() && out.length() < LONGEST) {
            char c = rtf.charAt(at++);
            switch (c) {
                case '{' -> open();
                case '}' -> close();
                case '\\' -> control();
                case '\r', '\n' -> {}
                default -> shown(c);
            }
        }
        flush();
    }

    private void open() {
        flush();
        groups.push(group);
        if (groups.size() > DEEPEST) {
            at = rtf.length();
        }
    }

    private void close() {
        flush();
        group = groups.isEmpty() ? group : groups.pop();
        toSkip = 0;
    }

    private void control() {
        if (at >= rtf.length()) {
            return;
        }
        char c = rtf.charAt(at);
        if (!isLetter(c)) {
            at++;
            symbol(c);
            return;
        }
        int from = at;
        while (at < rtf.length() && isLetter(rtf.charAt(at))) {
            at++;
        }
        String word = rtf.substring(from, at);
        int number = number();
        word(word, number);
    }

    private void symbol(char c) {
        switch (c) {
            case '\'' -> {
                int high = at + 1 < rtf.length() ? Character.digit(rtf.charAt(at), 16) : -1;
                int low = high >= 0 ? Character.digit(rtf.charAt(at + 1), 16) : -1;
                if (low >= 0) {
                    at += 2;
                    octet(high * 16 + low);
                }
            }
            case '*' -> destination();
            case '~' -> shown('\u00a0');
            case '\\', '{', '}' -> shown(c);
            case '\r', '\n' -> word("par", -1);
            default -> {}
        }
    }

    /** A group that readers skip unless they know its name. */
    private void destination() {
        boolean tag = rtf.startsWith("\\htmltag", at);
        group = new Group(!tag || !wrapsPage, tag, group.rtfOnly, group.unicodeSkip);
    }

    private void word(String word, int number) {
        switch (word) {
            case "ansicpg" -> {
                var known = Charsets.find("cp" + number);
                charset = known == null ? charset : known;
            }
            case "uc" -> group = new Group(group.unseen, group.tag, group.rtfOnly, Math.clamp(number, 0, 10));
            case "u" -> {
                flush();
                append(Character.toString(number & 0xffff));
                toSkip = group.unicodeSkip;
            }
            case "htmlrtf" -> {
                flush();
                group = new Group(group.unseen, group.tag, number != 0, group.unicodeSkip);
            }
            case "par", "line", "sect", "page", "row" -> append("\n", "\n");
            case "tab", "cell" -> append("\t", "\t");
            case "lquote" -> append("‘", "&lsquo;");
            case "rquote" -> append("’", "&rsquo;");
            case "ldblquote" -> append("“", "&ldquo;");
            case "rdblquote" -> append("”", "&rdquo;");
            case "bullet" -> append("•", "&bull;");
            case "endash" -> append("–", "&ndash;");
            case "emdash" -> append("—", "&mdash;");
            case "bin" -> at = Math.min(rtf.length(), at + Math.max(0, number));
            default -> {
                if (UNSEEN.contains(word)) {
                    group = new Group(true, false, group.rtfOnly, group.unicodeSkip);
                }
            }
        }
    }

    private void append(String text, String html) {
        flush();
        append(wrapsPage ? html : text);
    }

    /** The number behind a word and the blank that ends both; -1 where there is none. */
    private int number() {
        int from = at;
        if (at < rtf.length() && rtf.charAt(at) == '-') {
            at++;
        }
        while (at < rtf.length() && at - from < 10 && Character.digit(rtf.charAt(at), 10) >= 0) {
            at++;
        }
        String digits = rtf.substring(from, at);
        if (at < rtf.length() && rtf.charAt(at) == ' ') {
            at++;
        }
        try {
            return digits.isEmpty() || digits.equals("-") ? -1 : (int) Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void shown(char c) {
        if (c < 0x80) {
            flush();
            if (toSkip > 0) {
                toSkip--;
            } else {
                append(String.valueOf(c));
            }
        } else {
            octet(c);
        }
    }

    /** Characters of several octets come one after another, so they are held until something else comes. */
    private void octet(int value) {
        if (toSkip > 0) {
            toSkip--;
        } else {
            octets.write(value);
        }
    }

    private void flush() {
        if (octets.size() > 0) {
            append(new String(octets.toByteArray(), charset));
            octets.reset();
        }
    }

    private void append(String text) {
        if (!group.unseen && !group.rtfOnly) {
            out.append(text);
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The octets of an RTF as {@link #of} takes them. */
    static String characters(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
