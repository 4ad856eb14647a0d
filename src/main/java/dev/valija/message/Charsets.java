package dev.valija.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Turns octets into text, whatever label they carry. Never throws: what cannot be read becomes U+FFFD. Never UTF-7, in
 * which markup hides from those who look for it, whether it is named or could be guessed.
 */
public final class Charsets {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int ENOUGH_TO_JUDGE = 64 * 1024;
    /** Statistics of fewer octets beyond ASCII are worth nothing, and the charset of Western Europe is likely. */
    private static final int LEAST_TO_JUDGE = 12;

    /**
     * Labels as mail has them, to what the JDK calls a superset of what is meant. Follows the WHATWG Encoding Standard:
     * who says ISO-8859-1 or GB2312 often uses octets that only the larger charset has.
     */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("utf8", "UTF-8"),
            Map.entry("unicode-1-1-utf-8", "UTF-8"),
            Map.entry("x-unicode20utf8", "UTF-8"),
            Map.entry("utf-8-mac", "UTF-8"),
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("iso8859-1", "windows-1252"),
            Map.entry("iso_8859-1", "windows-1252"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin-1", "windows-1252"),
            Map.entry("ansi", "windows-1252"),
            Map.entry("iso-8859-8-i", "ISO-8859-8"),
            Map.entry("iso-8859-8-e", "ISO-8859-8"),
            Map.entry("iso-8859-6-i", "ISO-8859-6"),
            Map.entry("iso-8859-6-e", "ISO-8859-6"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-10", "ISO-8859-4"),
            Map.entry("iso-8859-11", "x-windows-874"),
            Map.entry("tis-620", "x-windows-874"),
            Map.entry("windows-874", "x-windows-874"),
            Map.entry("macintosh", "x-MacRoman"),
            Map.entry("mac", "x-MacRoman"),
            Map.entry("x-mac-roman", "x-MacRoman"),
            Map.entry("x-mac-cyrillic", "x-MacCyrillic"),
            Map.entry("gb2312", "GB18030"),
            Map.entry("gb_2312-80", "GB18030"),
            Map.entry("gbk", "GB18030"),
            Map.entry("x-gbk", "GB18030"),
            Map.entry("ks_c_5601-1987", "x-windows-949"),
            Map.entry("ks_c_5601", "x-windows-949"),
            Map.entry("euc-kr", "x-windows-949"),
            Map.entry("cp949", "x-windows-949"),
            Map.entry("shift_jis", "windows-31j"),
            Map.entry("shift-jis", "windows-31j"),
            Map.entry("sjis", "windows-31j"),
            Map.entry("x-sjis", "windows-31j"),
            Map.entry("iso-2022-jp", "x-windows-iso2022jp"),
            Map.entry("big5", "Big5-HKSCS"),
            Map.entry("x-x-big5", "Big5-HKSCS"));

    /**
     * Decodes octets.
     *
     * @param charset the label the mail gives, or null; one that is unknown, says nothing (US-ASCII over 8-bit octets),
     *     cannot be true or is UTF-7 is passed over and the octets are judged
     */
    public static String decode(byte[] octets, @Nullable String charset) {
        int bom = utf8Bom(octets);
        if (bom > 0) {
            return decode(octets, bom, StandardCharsets.UTF_8);
        }
        Charset known = charset == null ? null : find(charset);
        if (known == null || isUntrue(known, octets)) {
            return decode(octets, 0, detect(octets));
        }
        if (known.equals(StandardCharsets.UTF_8)) {
            return decodeUtf8(octets);
        }
        return decode(octets, 0, known);
    }

    /**
     * Decodes the octets of a header, which are few: UTF-8 (RFC 6532) where it fits, else what the mail's text is in.
     *
     * @param likely the charset of the text, or null
     */
    static String decodeHeader(byte[] octets, @Nullable Charset likely) {
        if (isAscii(octets)) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
        if (isUtf8(octets)) {
            return decode(octets, utf8Bom(octets), StandardCharsets.UTF_8);
        }
        return decode(octets, 0, likely == null || likely.name().startsWith("UTF-") ? WINDOWS_1252 : likely);
    }

    /** Labels that mailers write without looking: two octets a character over ASCII, Latin-1 over UTF-8. */
    private static boolean isUntrue(Charset label, byte[] octets) {
        if (label.name().startsWith("UTF-16") || label.name().startsWith("UTF-32")) {
            for (byte octet : octets) {
                if (octet == 0) {
                    return false;
                }
            }
            return isUtf8(octets);
        }
        return label.equals(WINDOWS_1252) && !isAscii(octets) && isUtf8(octets);
    }

    /** What a label means, or null for one that means nothing. */
    static @Nullable Charset find(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        if (name.length() > 1 && (name.startsWith("\"") || name.startsWith("'"))) {
            name = name.substring(1).replaceAll("[\"']$", "").strip();
        }
        if (name.isEmpty() || name.contains("ascii") || name.startsWith("ansi_x3") || name.contains("utf-7")) {
            return null;
        }
        if (name.startsWith("cp-")) {
            name = "cp" + name.substring(3);
        }
        return Known.BY_NAME.get(ALIASES.getOrDefault(name, name).toLowerCase(Locale.ROOT));
    }

    /** All that Java has. To ask it for a name it does not know costs a search of the class path, each time. */
    private static final class Known {
        static final Map<String, Charset> BY_NAME = byName();

        private static Map<String, Charset> byName() {
            var names = new HashMap<String, Charset>();
            for (Charset charset : Charset.availableCharsets().values()) {
                charset.aliases().forEach(alias -> names.put(alias.toLowerCase(Locale.ROOT), charset));
            }
            // An alias of one may be the name of another.
            Charset.availableCharsets()
                    .values()
                    .forEach(one -> names.put(one.name().toLowerCase(Locale.ROOT), one));
            return Map.copyOf(names);
        }
    }

    /**
     * The likely charset of octets without a label: UTF-8 where it fits, as chance text hardly ever does, else what the
     * statistics of languages say.
     */
    static Charset detect(byte[] octets) {
        if (octets.length >= 2 && (octets[0] & 0xff) == 0xfe && (octets[1] & 0xff) == 0xff) {
            return StandardCharsets.UTF_16;
        }
        if (octets.length >= 2 && (octets[0] & 0xff) == 0xff && (octets[1] & 0xff) == 0xfe) {
            return StandardCharsets.UTF_16;
        }
        // ISO-2022-JP and its kin are ASCII with escapes.
        boolean escaped = isAscii(octets) && contains(octets, (byte) 0x1b);
        if (!escaped && isUtf8(octets)) {
            return StandardCharsets.UTF_8;
        }
        return escaped || beyondAscii(octets) >= LEAST_TO_JUDGE ? judged(octets) : WINDOWS_1252;
    }

    private static Charset judged(byte[] octets) {
        var detector = new UniversalDetector();
        detector.handleData(octets, 0, Math.min(octets.length, ENOUGH_TO_JUDGE));
        detector.dataEnd();
        String name = detector.getDetectedCharset();
        Charset found = name == null ? null : find(name);
        if (found == null || found.name().startsWith("UTF-")) {
            return WINDOWS_1252;
        }
        // Some can only be read (ISO-2022-CN): they have no encoder, and take more than an octet each.
        boolean oneOctetEach = found.canEncode() && found.newEncoder().maxBytesPerChar() == 1.0f;
        return oneOctetEach && mixesLetters(octets) ? WINDOWS_1252 : found;
    }

    /**
     * Whether most words with octets beyond ASCII have ASCII letters too. So it is where Latin letters bear accents, and
     * never where words are Cyrillic, Greek, Hebrew or Arabic, which statistics take short texts for.
     */
    private static boolean mixesLetters(byte[] octets) {
        int mixed = 0;
        int pure = 0;
        for (int at = 0; at < octets.length; ) {
            boolean beyond = false;
            boolean ascii = false;
            while (at < octets.length && (octets[at] < 0 || isLetter(octets[at]))) {
                beyond |= octets[at] < 0;
                ascii |= octets[at] > 0;
                at++;
            }
            at++;
            mixed += beyond && ascii ? 1 : 0;
            pure += beyond && !ascii ? 1 : 0;
        }
        return mixed > pure;
    }

    private static boolean isLetter(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }

    private static int beyondAscii(byte[] octets) {
        int count = 0;
        for (byte octet : octets) {
            count += octet < 0 ? 1 : 0;
        }
        return count;
    }

    private static boolean contains(byte[] octets, byte wanted) {
        for (byte octet : octets) {
            if (octet == wanted) {
                return true;
            }
        }
        return false;
    }

    static boolean isUtf8(byte[] octets) {
        if (isAscii(octets)) {
            return true; // nearly all headers are, and a decoder costs more than they do
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** A label of UTF-8 over octets of another charset is common: believed only while more sequences are right than wrong. */
    private static String decodeUtf8(byte[] octets) {
        String text = decode(octets, 0, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        long wrong = text.chars().filter(c -> c == '\uFFFD').count();
        long right = text.chars().filter(c -> c > 0x7f && c != '\uFFFD').count();
        return wrong > right ? decode(octets, 0, detect(octets)) : text;
    }

    private static int utf8Bom(byte[] octets) {
        boolean there = octets.length >= 3
                && (octets[0] & 0xff) == 0xef
                && (octets[1] & 0xff) == 0xbb
                && (octets[2] & 0xff) == 0xbf;
        return there ? 3 : 0;
    }

    /** Whatever does not fit the charset becomes U+FFFD. */
    private static String decode(byte[] octets, int from, Charset charset) {
        return new String(octets, from, octets.length - from, charset);
    }

    private Charsets() {}
}
