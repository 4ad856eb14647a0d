package dev.valija.contact;

import dev.valija.account.UserId;
import dev.valija.mailbox.query.Term;
import dev.valija.mailbox.query.Words;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words by which contacts are found, folded as those of mail are. Each carries its user before it, {@code 7Canna}
 * being "anna" of user 7, so that the index is read for one user's words only.
 */
final class ContactWords {
    private static final int MOST = 40;
    private static final int LONGEST_KEY = 200;
    private static final char OF = 'C';

    /** The words of a contact, as text that PostgreSQL reads as a tsvector. They need no escape: see {@link Words}. */
    static String of(UserId user, @Nullable String name, Email email) {
        var words = new LinkedHashSet<String>();
        Stream.concat(words(name == null ? "" : name), words(email.text()))
                .limit(MOST)
                .forEach(word -> words.add(quoted(user, word)));
        return String.join(" ", words);
    }

    /**
     * What to look for, as text that PostgreSQL reads as a tsquery: each word, or how it begins. Empty where the text has
     * no word in it.
     */
    static String query(UserId user, String text) {
        var sought = new ArrayList<String>();
        for (var word : Words.sought(text, Term.Match.PREFIX)) {
            sought.add(quoted(user, word.text()) + ":*");
        }
        return String.join(" & ", sought.subList(0, Math.min(sought.size(), MOST)));
    }

    /** By what lists of contacts are sorted. */
    static String sortKey(@Nullable String name, Email email) {
        var shown = name == null ? List.<String>of() : words(name).toList();
        var key = shown.isEmpty() ? email.key() : String.join(" ", shown);
        return key.length() <= LONGEST_KEY ? key : key.substring(0, key.offsetByCodePoints(0, LONGEST_KEY / 2));
    }

    private static Stream<String> words(String text) {
        return Words.of(text).stream().map(Words.Word::text);
    }

    private static String quoted(UserId user, String word) {
        return "'" + user + OF + word + "'";
    }

    private ContactWords() {}
}
