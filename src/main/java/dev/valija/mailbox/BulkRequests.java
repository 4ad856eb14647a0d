package dev.valija.mailbox;

import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bodies of requests about many messages, and what is wrong with them. */
final class BulkRequests {
    private static final int MOST_KEYWORDS = 50;

    /** All messages of a mailbox that pass the filter. */
    record Select(@Nullable String mailboxId, @Nullable String filter) {}

    record Selection(
            @Nullable List<@Nullable String> ids, @Nullable Select select) {
        Chosen chosen() {
            return BulkRequests.chosen(ids, select);
        }
    }

    record Change(
            @Nullable List<@Nullable String> ids,
            @Nullable Select select,
            @Nullable Map<String, @Nullable Boolean> keywords,
            @Nullable String mailboxId) {

        Chosen chosen() {
            if (keywords == null && mailboxId == null) {
                throw ProblemException.invalid("", "keywords, mailboxId or both must be given");
            }
            return BulkRequests.chosen(ids, select);
        }

        KeywordChange keywordChange() {
            var add = new HashSet<Keyword>();
            var remove = new HashSet<Keyword>();
            if (keywords != null) {
                if (keywords.isEmpty() || keywords.size() > MOST_KEYWORDS) {
                    throw ProblemException.invalid("/keywords", "must hold 1 to " + MOST_KEYWORDS + " keywords");
                }
                keywords.forEach((name, on) -> {
                    var keyword = keyword(name);
                    if (on == null) {
                        throw ProblemException.invalid(pointer(name), "must be true or false");
                    }
                    (on ? add : remove).add(keyword);
                });
                // Names differ in case only.
                add.stream().filter(remove::contains).findFirst().ifPresent(both -> {
                    throw ProblemException.invalid(pointer(both.value()), "cannot be added and removed at once");
                });
            }
            return new KeywordChange(add, remove);
        }

        @Nullable
        MailboxKey target() {
            return mailboxId == null ? null : MailboxKey.parse(mailboxId);
        }

        private static Keyword keyword(String name) {
            try {
                return new Keyword(name);
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(
                        pointer(name), "is no keyword: 1 to 255 printable ASCII characters without ( ) { ] % * \" \\");
            }
        }

        private static String pointer(String name) {
            var shown = name.length() > 100 ? name.substring(0, 100) : name;
            return "/keywords/" + shown.replace("~", "~0").replace("/", "~1");
        }
    }

    record Copy(
            @Nullable List<@Nullable String> ids, @Nullable String mailboxId) {
        Chosen.Ids chosen() {
            return new Chosen.Ids(MessageIds.checked(ids));
        }

        MailboxKey target() {
            if (mailboxId == null) {
                throw ProblemException.invalid("/mailboxId", "must be given");
            }
            return MailboxKey.parse(mailboxId);
        }
    }

    record KeywordChange(Set<Keyword> add, Set<Keyword> remove) {
        boolean isEmpty() {
            return add.isEmpty() && remove.isEmpty();
        }
    }

    /** Which messages are meant. */
    sealed interface Chosen {
        record Ids(Set<String> ids) implements Chosen {}

        record All(MailboxKey mailbox, @Nullable MessageFilter filter) implements Chosen {}
    }

    private static Chosen chosen(@Nullable List<@Nullable String> ids, @Nullable Select select) {
        if (select == null) {
            return new Chosen.Ids(MessageIds.checked(ids));
        }
        if (ids != null) {
            throw ProblemException.invalid("/select", "must not come together with ids");
        }
        if (select.mailboxId() == null) {
            throw ProblemException.invalid("/select/mailboxId", "must be given");
        }
        return new Chosen.All(
                MailboxKey.parse(select.mailboxId()), MessageFilter.parse(select.filter(), "/select/filter"));
    }

    private BulkRequests() {}
}
