package dev.valija.mailbox;

import static dev.valija.mailbox.MessageIndex.Written.ids;
import static dev.valija.mailbox.MessageIndex.Written.unread;

import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What users did through us, written to the index once the provider has done it: rows, counts and event in one
 * transaction. Call it within {@link MailboxSync#holding} of the mailboxes concerned, together with the provider's part.
 */
@Component
class LocalChanges {
    private final IndexWrites writes;
    private final MailboxIndex mailboxes;
    private final MessageIndex messages;

    LocalChanges(IndexWrites writes, MailboxIndex mailboxes, MessageIndex messages) {
        this.writes = writes;
        this.mailboxes = mailboxes;
        this.messages = messages;
    }

    /** Messages got and lost keywords. They are named as they were to the provider: what it passed over is left. */
    void keywords(MailboxKey mailbox, Collection<RemoteId> marked, Set<Keyword> add, Set<Keyword> remove) {
        writes.run(mailbox.accountId(), () -> {
            var changed = messages.changeKeywords(mailbox, marked, add, remove);
            mailboxes.count(mailbox, 0, unread(changed));
            writes.tell(mailbox.accountId(), IndexChange.of(mailbox.id(), List.of(), ids(changed), List.of()));
        });
    }

    /**
     * Messages went to another mailbox; their rows keep our ids. Refresh the target afterwards where the provider did
     * not tell all new ids, and the rows find their messages.
     */
    void moved(MailboxKey source, MailboxKey target, Collection<RemoteId> moved, Map<RemoteId, RemoteId> newIds) {
        writes.run(source.accountId(), () -> {
            // Another node may have seen them arrive already, as strangers: they make room for our rows. Where it has
            // seen them go as well, ours are no more, and the strangers are all there is.
            var here = messages.knownAmong(source, moved);
            var room = here.stream().map(newIds::get).filter(Objects::nonNull).toList();
            var strangers = messages.delete(target, room);
            var rows = messages.move(source, target, here, newIds);
            mailboxes.count(source, -rows.size(), -unread(rows));
            mailboxes.count(target, rows.size() - strangers.size(), unread(rows) + unread(strangers));
            writes.tell(source.accountId(), IndexChange.of(source.id(), List.of(), List.of(), ids(rows)));
            writes.tell(source.accountId(), IndexChange.of(target.id(), ids(rows), List.of(), ids(strangers)));
        });
    }

    /** Messages were deleted for ever. */
    void deleted(MailboxKey mailbox, Collection<RemoteId> deleted) {
        writes.run(mailbox.accountId(), () -> {
            var gone = messages.delete(mailbox, deleted);
            mailboxes.count(mailbox, -gone.size(), unread(gone));
            writes.tell(mailbox.accountId(), IndexChange.of(mailbox.id(), List.of(), List.of(), ids(gone)));
        });
    }
}
