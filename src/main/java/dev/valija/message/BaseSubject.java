package dev.valija.message;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The subject without what replying and forwarding add to it (RFC 5256 2.1), for sorting and for threads. */
public final class BaseSubject {
    private static final int LONGEST = 400;

    /** "re", "fw" and "fwd" of the RFC, and what mailers of other languages write instead. */
    private static final Set<String> PREFIXES = Set.of(
            "re",
            "fw",
            "fwd",
            "aw",
            "antw",
            "wg",
            "wtr",
            "rv",
            "res",
            "enc",
            "tr",
            "rép",
            "rép.",
            "sv",
            "vs",
            "vb",
            "vl",
            "rif",
            "r",
            "i",
            "odp",
            "pd",
            "ynt",
            "ilt",
            "απ",
            "σχετ",
            "πρθ",
            "atb",
            "bls",
            "trs",
            "vá",
            "továbbítás",
            "továbbitás",
            "doorst",
            "回复",
            "回覆",
            "答复",
            "转发",
            "轉寄",
            "返信",
            "転送",
            "답장",
            "전달",
            "השב",
            "הועבר",
            "رد",
            "إعادة",
            "ответ",
            "отв",
            "пересл");

    private static final Pattern BLOB = Pattern.compile("^\\[[^\\[\\]]*\\]\\s*");
    private static final String TRAILER = "(fwd)";
    /** subj-refwd: a word, blobs such as [2], a number such as (3) or ^2, and a colon of any width. */
    private static final Pattern LEADER = Pattern.compile(
            "^(?:\\[[^\\[\\]]*\\]\\s*)*([\\p{L}\\p{M}.]{1,12})\\s*(?:\\[[^\\[\\]]*\\]|\\([0-9]{1,4}\\)|\\^[0-9]{1,4})?\\s*[:\\uFF1A]\\s*");

    /**
     * The base subject, in lower case, at most 400 characters. Two subjects with one base belong together.
     *
     * @param subject decoded, or anything else: it never throws
     */
    public static String of(String subject) {
        return strip(subject).base().toLowerCase(Locale.ROOT);
    }

    /** Whether something was taken off that says reply or forward (RFC 5256 2.1, used by REFERENCES threading). */
    public static boolean isReplyOrForward(String subject) {
        return strip(subject).replied();
    }

    /** The subject as written without its prefixes: what an answer puts its own "Re:" before. */
    public static String display(String subject) {
        return strip(subject).base();
    }

    private record Stripped(String base, boolean replied) {}

    private static Stripped strip(String subject) {
        String text = HeaderDecoder.clean(subject, LONGEST * 4);
        boolean replied = false;
        String before;
        do {
            before = text;
            String trailed = withoutTrailer(text);
            replied |= trailed.length() < text.stripTrailing().length();
            text = trailed;
            String led;
            do {
                led = text;
                var leader = LEADER.matcher(text);
                if (leader.lookingAt() && PREFIXES.contains(leader.group(1).toLowerCase(Locale.ROOT))) {
                    text = text.substring(leader.end());
                    replied = true;
                    continue;
                }
                var blob = BLOB.matcher(text);
                // Step 4: a blob goes only if something is left without it.
                if (blob.lookingAt() && blob.end() < text.length()) {
                    text = text.substring(blob.end());
                }
            } while (!text.equals(led));
            // Step 6: [fwd: subject] is a forward of what is inside.
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.startsWith("[fwd:") && text.endsWith("]")) {
                text = text.substring(5, text.length() - 1).strip();
                replied = true;
            }
        } while (!text.equals(before));
        return new Stripped(text.length() > LONGEST ? text.substring(0, LONGEST) : text, replied);
    }

    private static String withoutTrailer(String text) {
        String left = text.stripTrailing();
        while (left.regionMatches(true, left.length() - TRAILER.length(), TRAILER, 0, TRAILER.length())) {
            left = left.substring(0, left.length() - TRAILER.length()).stripTrailing();
        }
        return left;
    }

    private BaseSubject() {}
}
