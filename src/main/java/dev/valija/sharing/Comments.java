package dev.valija.sharing;

import dev.valija.account.AccessAction;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.sharing.SharedMessages.Seen;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** What those who share a message say to one another beside it. Kept here, and sent to no server. */
@Repository
class Comments {
    private static final int MOST = 200;

    private final JdbcClient jdbc;
    private final SharedMessages messages;
    private final Accesses accesses;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    Comments(
            JdbcClient jdbc,
            SharedMessages messages,
            Accesses accesses,
            TransactionTemplate transaction,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.accesses = accesses;
        this.transaction = transaction;
        this.events = events;
    }

    /**
     * What somebody said.
     *
     * @param mailbox where the message was then, by our number: it is for those who see that
     */
    record Comment(long id, String author, boolean mine, String text, Instant writtenAt, long mailbox) {}

    /** Oldest first. @throws ProblemException not-found for a message that the user may not see */
    List<Comment> of(UserId user, MessageKey key) {
        return of(user, messages.require(user, key));
    }

    private List<Comment> of(UserId user, Seen message) {
        return jdbc
                .sql("""
                        select id, author, user_id is not distinct from :user as mine, text, written_at, mailbox_id
                          from message_comment where account_id = :account and about = :about order by id
                        """)
                .param("user", user.value())
                .param("account", message.key().accountId())
                .param("about", message.about())
                .query((rs, n) -> new Comment(
                        rs.getLong(1),
                        rs.getString(2),
                        rs.getBoolean(3),
                        rs.getString(4),
                        rs.getObject(5, OffsetDateTime.class).toInstant(),
                        rs.getLong(6)))
                .list()
                .stream()
                .filter(comment -> message.access().sees(comment.mailbox()))
                .toList();
    }

    /** @throws ProblemException not-found; operation-not-supported beyond the limit */
    Comment add(UserId user, MessageKey key, String text) {
        var message = messages.require(user, key);
        return Objects.requireNonNull(transaction.execute(status -> {
            if (of(user, message).size() >= MOST) {
                throw new ProblemException(
                        Problem.OPERATION_NOT_SUPPORTED, "A message has " + MOST + " comments at most.");
            }
            var author = messages.address(message);
            var made = jdbc.sql("""
                            insert into message_comment (account_id, about, mailbox_id, user_id, author, text)
                            values (:account, :about, :mailbox, :user, :author, :text) returning id, written_at
                            """)
                    .param("account", key.accountId())
                    .param("about", message.about())
                    .param("mailbox", message.mailbox().id())
                    .param("user", user.value())
                    .param("author", author)
                    .param("text", text)
                    .query((rs, n) -> new Comment(
                            rs.getLong(1),
                            author,
                            true,
                            text,
                            rs.getObject(2, OffsetDateTime.class).toInstant(),
                            message.mailbox().id()))
                    .single();
            accesses.tellOfMessage(
                    message.access(), AccessAction.COMMENTED, message.mailbox().id(), key.id());
            events.publishEvent(new CommentsChanged(message.mailbox(), key));
            return made;
        }));
    }

    /** One's own; the account's owner any. @throws ProblemException not-found; forbidden for another's */
    void remove(UserId user, MessageKey key, long id) {
        var message = messages.require(user, key);
        var comment = of(user, message).stream()
                .filter(one -> one.id() == id)
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("comment"));
        if (!comment.mine() && !message.access().isOwner()) {
            throw new ProblemException(Problem.FORBIDDEN, "This was said by somebody else.");
        }
        transaction.executeWithoutResult(status -> {
            accesses.tellOfMessage(
                    message.access(),
                    AccessAction.COMMENT_REMOVED,
                    message.mailbox().id(),
                    key.id());
            jdbc.sql("delete from message_comment where account_id = ? and id = ?")
                    .param(key.accountId())
                    .param(id)
                    .update();
            events.publishEvent(new CommentsChanged(message.mailbox(), key));
        });
    }
}
