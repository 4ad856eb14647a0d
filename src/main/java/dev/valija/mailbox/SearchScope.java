package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.mailbox.query.Term;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a search looks.
 *
 * @param accesses what its user might do in each account when it began
 * @param onlyThese no other mailboxes than these are looked into
 */
record SearchScope(List<Access> accesses, List<Mailbox> mailboxes, boolean onlyThese) {

    List<Long> accounts() {
        return accesses.stream().map(Access::accountId).toList();
    }

    /** The mailboxes of an account that it is narrowed to, by our numbers; empty where it is looked into whole. */
    Optional<Set<Long>> only(long account) {
        boolean whole =
                !onlyThese && accesses.stream().allMatch(access -> access.accountId() != account || access.isWhole());
        return whole
                ? Optional.empty()
                : Optional.of(mailboxes.stream()
                        .filter(mailbox -> mailbox.accountId() == account)
                        .map(Mailbox::id)
                        .collect(Collectors.toSet()));
    }

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
        return accounts().stream()
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
