package dev.valija.upstream.imap;

import dev.valija.message.Keyword;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Flags of IMAP and keywords of RFC 8621 4.1.1, each by the other. */
final class Flags {
    static final String DELETED = "\\Deleted";

    private static final Map<Keyword, String> SYSTEM = Map.of(
            Keyword.SEEN,
            "\\Seen",
            Keyword.FLAGGED,
            "\\Flagged",
            Keyword.ANSWERED,
            "\\Answered",
            Keyword.DRAFT,
            "\\Draft",
            // The rest are no system flags, but other clients write them so (IANA registry), and some match by case.
            Keyword.FORWARDED,
            "$Forwarded",
            Keyword.JUNK,
            "$Junk",
            Keyword.NOT_JUNK,
            "$NotJunk",
            Keyword.MDN_SENT,
            "$MDNSent",
            new Keyword("$phishing"),
            "$Phishing");

    private static final Map<String, Keyword> BY_FLAG = SYSTEM.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(
                    entry -> entry.getValue().toLowerCase(Locale.ROOT), Map.Entry::getKey));

    /** Some labels a message; thousands are an attempt on our memory. Which of them are kept is all the same then. */
    private static final int MOST_KEYWORDS = 200;

    private Flags() {}

    static String flag(Keyword keyword) {
        return SYSTEM.getOrDefault(keyword, keyword.value());
    }

    static Command list(Set<Keyword> keywords) {
        var list = Command.listOf();
        keywords.stream().sorted().forEach(keyword -> list.atom(flag(keyword)));
        return list;
    }

    /** The keywords among flags; \Recent and \Deleted are none. */
    static Set<Keyword> keywords(List<?> flags) {
        var keywords = new HashSet<Keyword>();
        for (Object flag : flags) {
            Keyword keyword = keyword(Tokens.text(flag));
            if (keyword != null) {
                keywords.add(keyword);
            }
            if (keywords.size() == MOST_KEYWORDS) {
                break;
            }
        }
        return Set.copyOf(keywords);
    }

    /** RFC 8621 4.1.1: a message with \Deleted is as good as gone, and not to be shown. */
    static boolean deleted(List<?> flags) {
        return flags.stream().anyMatch(flag -> DELETED.equalsIgnoreCase(Tokens.text(flag)));
    }

    private static @Nullable Keyword keyword(@Nullable String flag) {
        if (flag == null || flag.isEmpty()) {
            return null;
        }
        Keyword system = BY_FLAG.get(flag.toLowerCase(Locale.ROOT));
        if (system != null || flag.startsWith("\\")) {
            return system;
        }
        try {
            return new Keyword(flag);
        } catch (IllegalArgumentException e) {
            return null; // a server lets in what we would not
        }
    }
}
