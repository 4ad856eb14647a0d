package dev.valija.mailbox;

import dev.valija.account.AccessAction;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Single messages of the index, and the way from them to the provider's. */
@Repository
class StoredMessages {
    private final JdbcClient jdbc;
    private final Accesses accesses;
    private final Provider provider;
    private final MailboxSync sync;

    StoredMessages(JdbcClient jdbc, Accesses accesses, Provider provider, MailboxSync sync) {
        this.jdbc = jdbc;
        this.accesses = accesses;
        this.provider = provider;
        this.sync = sync;
    }

    /** Something to do with a message at its provider. */
    @FunctionalInterface
    interface Work<T> {
        T with(MailStore store, String mailbox, RemoteId id);
    }

    /**
     * The message, to be read; where it is another's that is written down.
     *
     * @throws ProblemException not-found when there is none or the user may not see it: the two look the same
     */
    StoredMessage require(UserId user, MessageKey key) {
        var access = accesses.require(user, key.accountId());
        var message = find(key)
                .filter(found -> access.sees(found.row().mailbox().id()))
                .orElseThrow(() -> ProblemException.notFound("message"));
        accesses.tellOfMessage(
                access, AccessAction.OPENED, message.row().mailbox().id(), key.id());
        return message;
    }

    /**
     * Does it where the message is now. When it is gone from there the mailbox is read again: it may have been moved
     * by another program, or be called otherwise; if not, there is no such message any more.
     */
    <T> T at(StoredMessage message, Work<T> work) {
        try {
            return once(message, work);
        } catch (UpstreamException.NotFound gone) {
            return again(message, work);
        } catch (Unplaced e) {
            return again(message, work);
        }
    }

    private <T> T again(StoredMessage message, Work<T> work) {
        var now = lookForAgain(message);
        if (now.isAt(message)) {
            throw ProblemException.notFound("message");
        }
        try {
            return once(now, work);
        } catch (UpstreamException.NotFound gone) {
            throw ProblemException.notFound("message");
        }
    }

    /** The message as it is when the mailbox it was in has been read anew. */
    StoredMessage lookForAgain(StoredMessage message) {
        sync.refresh(message.row().mailbox());
        return find(message.key()).orElseThrow(() -> ProblemException.notFound("message"));
    }

    private <T> T once(StoredMessage message, Work<T> work) {
        var id = message.row().remoteId();
        if (id == null) {
            throw new Unplaced();
        }
        return provider.with(message.accountId(), store -> work.with(store, message.mailboxName(), id));
    }

    /** The provider has moved the message, and where it is has not been found out yet. */
    private static final class Unplaced extends ProblemException {
        Unplaced() {
            super(Problem.UNAVAILABLE, "The message is being looked for at the mail server; try again in a moment.");
        }
    }

    /** The message, whoever's it is: for work in the background. */
    Optional<StoredMessage> find(MessageKey key) {
        return jdbc.sql("select " + MessageRow.COLUMNS
                        + ", m.message_id, m.envelope, m.structure, b.remote_name from stored_message m"
                        + " join mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id"
                        + " where m.account_id = ? and m.id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> {
                    var row = MessageRow.read(rs, "", null);
                    var envelope = MessageJson.envelope(
                            rs.getString("message_id"),
                            row.summary().subject(),
                            row.summary().sentAt(),
                            rs.getString("envelope"));
                    return new StoredMessage(
                            row,
                            rs.getString("remote_name"),
                            envelope,
                            MessageJson.structure(rs.getString("structure")));
                })
                .optional();
    }
}
