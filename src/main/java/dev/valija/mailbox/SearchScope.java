package dev.valija.mailbox;

import dev.valija.mailbox.query.Term;
import java.util.List;
import java.util.Locale;

/** Where a search looks: some accounts of one user, or one mailbox. */
record SearchScope(List<Long> accounts, List<Mailbox> mailboxes, boolean oneMailbox) {

    /** The mailboxes of that name, path or role. */
    List<Mailbox> named(String name) {
        var wanted = folded(name);
        return mailboxes.stream()
                .filter(mailbox -> wanted.equals(folded(mailbox.name()))
                        || wanted.equals(folded(path(mailbox)))
                        || (mailbox.role() != null
                                && wanted.equals(mailbox.role().name().toLowerCase(Locale.ROOT))))
                .toList();
    }

    /** The mailboxes a provider has to look into for that query. */
    List<Mailbox> searched(long account, Term query) {
        var there = mailboxes.stream().filter(m -> m.accountId() == account && m.selectable() && m.total() > 0);
        var terms = query instanceof Term.And and ? and.all() : List.of(query);
        for (var term : terms) {
            if (term instanceof Term.In in) {
                var named = named(in.mailbox()).stream().map(Mailbox::key).toList();
                there = there.filter(mailbox -> named.contains(mailbox.key()));
            }
        }
        return there.toList();
    }

    /** Messages to be looked through. */
    int total(Term query) {
        return accounts.stream()
                .flatMap(account -> searched(account, query).stream())
                .mapToInt(Mailbox::total)
                .sum();
    }

    /** Messages in those mailboxes of an account. */
    int size(long account) {
        return mailboxes.stream()
                .filter(mailbox -> mailbox.accountId() == account)
                .mapToInt(Mailbox::total)
                .sum();
    }

    private static String path(Mailbox mailbox) {
        return mailbox.separator() == null
                ? mailbox.remoteName()
                : mailbox.remoteName().replace(mailbox.separator(), "/");
    }

    private static String folded(String name) {
        return Texts.folded(name, 1_000);
    }
}
