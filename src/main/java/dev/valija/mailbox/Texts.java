package dev.valija.mailbox;

import dev.valija.message.BaseSubject;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Texts from mail in the form that PostgreSQL takes: whatever a message holds, its row can be written. */
final class Texts {
    private static final int LONGEST_KEY = 400;
    private static final String HASHED = "sha-256:";
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    /** Without NUL and lone surrogates, which PostgreSQL's text cannot hold, and cut to that many characters. */
    static String storable(String text, int longest) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return cut(cleaned(text), longest);
            }
        }
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    /** A Message-ID as it is compared: a btree holds no more than some 2,700 octets, so a long one is hashed. */
    static String idKey(String messageId) {
        var id = storable(messageId, Integer.MAX_VALUE);
        if (id.length() <= LONGEST_KEY) {
            return id;
        }
        return HASHED + DigestUtils.sha256Hex(id);
    }

    /** The Message-ID of that {@link #idKey}, or null where it cannot be told. */
    static @Nullable String idOf(@Nullable String key) {
        return key == null || key.startsWith(HASHED) ? null : key;
    }

    /** Lower case, without accents, white space folded: for sorting by people's names. */
    static String folded(String text, int longest) {
        var clean = storable(text, longest * 2).strip();
        var plain = clean.chars().allMatch(c -> c < 0x80)
                ? clean
                : MARKS.matcher(Normalizer.normalize(clean, Normalizer.Form.NFKD))
                        .replaceAll("");
        return cut(plain.toLowerCase(Locale.ROOT), longest);
    }

    /** The subject without its prefixes, short enough for an index. */
    static String baseSubject(String subject) {
        return BaseSubject.of(storable(subject, 2000));
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end);
    }

    private static String cleaned(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().filter(c -> c != 0).forEach(c -> {
            boolean alone = c <= 0xFFFF && Character.isSurrogate((char) c);
            clean.appendCodePoint(alone ? 0xFFFD : c);
        });
        return clean.toString();
    }

    private Texts() {}
}
