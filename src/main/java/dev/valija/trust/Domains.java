package dev.valija.trust;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.SpoofChecker.RestrictionLevel;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Domain names as they look and as they are (RFC 5890, UTS 39, UTS 46). */
final class Domains {
    private static final int LONGEST = 255;
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9._-]*");
    private static final Pattern AMBIGUOUS = Pattern.compile("[01]|rn|vv");

    /** Loaded with the first name that is not plain ASCII. */
    private static final class Unicode {
        static final IDNA IDNA_RULES = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE
                | IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.USE_STD3_RULES);

        static final SpoofChecker MIXED = new SpoofChecker.Builder()
                .setChecks(SpoofChecker.RESTRICTION_LEVEL
                        | SpoofChecker.INVISIBLE
                        | SpoofChecker.MIXED_NUMBERS
                        | SpoofChecker.HIDDEN_OVERLAY)
                .setRestrictionLevel(RestrictionLevel.HIGHLY_RESTRICTIVE)
                .build();
    }

    /** The name in lower case as it is in the DNS; one that cannot be written so stays as it is. */
    static String ascii(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        if (isPlain(lower) || lower.length() > LONGEST) {
            return lower;
        }
        var info = new IDNA.Info();
        var out = Unicode.IDNA_RULES.nameToASCII(lower, new StringBuilder(), info);
        return out.toString();
    }

    /** Whether one who reads the name may take it for another: letters of several scripts, or a label of borrowed ones. */
    static boolean isDeceptive(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        if (isPlain(lower) && !lower.contains("xn--")) {
            return false;
        }
        if (lower.length() > LONGEST) {
            return true;
        }
        var info = new IDNA.Info();
        String unicode = Unicode.IDNA_RULES
                .nameToUnicode(lower, new StringBuilder(), info)
                .toString();
        if (info.hasErrors()) {
            return true;
        }
        var labels = List.of(unicode.split("\\.", -1));
        boolean latinSite = isPlain(labels.getLast());
        return labels.stream().anyMatch(label -> isDeceptiveLabel(label, latinSite));
    }

    /** A whole label of, say, Cyrillic letters that all look Latin: of no use but to deceive where the site is not Cyrillic. */
    private static boolean isDeceptiveLabel(String label, boolean latinSite) {
        return !isPlain(label)
                && (Unicode.MIXED.failsChecks(label) || (latinSite && isPlain(Unicode.MIXED.getSkeleton(label))));
    }

    /** Those that look like the name and are others. */
    static Stream<String> looksLike(String domain, Stream<String> known) {
        String ascii = ascii(domain);
        String look = skeleton(ascii);
        return known.map(Domains::ascii)
                .filter(one -> !one.equals(ascii) && skeleton(one).equals(look));
    }

    /** Whether there is anything in a plain name that is easily misread. */
    static boolean mayLookLikeAnother(String domain) {
        return AMBIGUOUS.matcher(domain.toLowerCase(Locale.ROOT)).find();
    }

    /** Whether one is the other or a part of it. */
    static boolean areRelated(String one, String other) {
        String a = ascii(one);
        String b = ascii(other);
        return a.equals(b) || a.endsWith("." + b) || b.endsWith("." + a);
    }

    private static String skeleton(String ascii) {
        return ascii.replace('0', 'o').replace('1', 'l').replace("rn", "m").replace("vv", "w");
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    private Domains() {}
}
