package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Marks and moves messages for other modules as users do, in the background too: at the provider first. */
@Service
public class MessageMoves {
    private final Accounts accounts;
    private final BulkChanges bulk;
    private final MailboxEdits edits;

    MessageMoves(Accounts accounts, BulkChanges bulk, MailboxEdits edits) {
        this.accounts = accounts;
        this.bulk = bulk;
        this.edits = edits;
    }

    /** Keywords to be set and taken away. */
    public record Marks(Set<Keyword> add, Set<Keyword> remove) {
        public Marks {
            add = Set.copyOf(add);
            remove = Set.copyOf(remove);
        }
    }

    /**
     * Marks messages of one account and moves them then; their ids stay. Done again it changes nothing.
     *
     * @param target null to leave them where they are
     * @return how many are as asked, and which are not
     * @throws ProblemException when none of it could be done
     */
    public BulkResult change(Collection<MessageKey> messages, Marks marks, @Nullable MailboxKey target) {
        if (messages.isEmpty()) {
            return new BulkResult(0, List.of());
        }
        long account = messages.iterator().next().accountId();
        var ids = messages.stream().map(MessageKey::toString).collect(Collectors.toSet());
        return bulk.change(
                accounts.get(account).user(),
                new BulkRequests.Chosen.Ids(ids),
                new BulkRequests.KeywordChange(marks.add(), marks.remove()),
                target);
    }

    /** The account's mailbox of that role; one of that name where there is none, made at need and subscribed to. */
    public Mailbox findOrMake(long accountId, MailboxRole role, String usualName) {
        return edits.findOrMake(accounts.get(accountId).user(), accountId, role, usualName);
    }
}
