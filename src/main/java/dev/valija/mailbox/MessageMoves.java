package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
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
    private static final BulkResult NOTHING = new BulkResult(0, List.of());

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
            return NOTHING;
        }
        return bulk.change(
                owner(messages), chosen(messages), new BulkRequests.KeywordChange(marks.add(), marks.remove()), target);
    }

    /**
     * Moves messages out of a mailbox; those that are elsewhere by now are left there.
     *
     * @return how many are as asked, and which are not
     * @throws ProblemException when none of it could be done
     */
    public BulkResult move(Collection<MessageKey> messages, MailboxKey source, MailboxKey target) {
        return messages.isEmpty() ? NOTHING : bulk.move(owner(messages), chosen(messages), source, target);
    }

    /** Deletes messages of a mailbox for ever, as {@link #move} moves them. */
    public BulkResult destroy(Collection<MessageKey> messages, MailboxKey source) {
        return messages.isEmpty() ? NOTHING : bulk.destroy(owner(messages), chosen(messages), source);
    }

    private UserId owner(Collection<MessageKey> messages) {
        return accounts.get(messages.iterator().next().accountId()).user();
    }

    private static BulkRequests.Chosen chosen(Collection<MessageKey> messages) {
        return new BulkRequests.Chosen.Ids(
                messages.stream().map(MessageKey::toString).collect(Collectors.toSet()));
    }

    /** The account's mailbox of that role; one of that name where there is none, made at need and subscribed to. */
    public Mailbox findOrMake(long accountId, MailboxRole role, String usualName) {
        return edits.findOrMake(accounts.get(accountId).user(), accountId, role, usualName);
    }
}
