package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.message.MimeWriter;
import dev.valija.upstream.RemoteId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table draft_copy. */
@Repository
class DraftCopies {
    /** An append whose answer was lost is either done by then or never will be. */
    private static final String LATE = "interval '10 minutes'";

    private final JdbcClient jdbc;
    private final MessagePlaces index;

    DraftCopies(JdbcClient jdbc, MessagePlaces index) {
        this.jdbc = jdbc;
        this.index = index;
    }

    /** All there may be of a draft, oldest first. */
    List<DraftCopy> of(DraftKey draft) {
        return jdbc.sql("""
                        select account_id, id, revision, message_id, hash, remote_name, remote_id,
                               made_at < now() - %s as late
                          from draft_copy where user_id = ? and draft_id = ? order by id
                        """.formatted(LATE))
                .param(draft.user().value())
                .param(draft.id())
                .query((rs, n) -> copy(rs))
                .list();
    }

    /**
     * One is about to be sent to the provider: from now on it may be there.
     *
     * @return empty when the draft has another revision by now
     */
    Optional<DraftCopy> begin(DraftKey draft, long accountId, int revision, CopyWriter.Copy copy, String remoteName) {
        var begun = new DraftCopy(accountId, 0, revision, copy.messageId(), copy.hash(), remoteName, null, false);
        return insert(draft, begun, copy.octets().length);
    }

    /**
     * A message that another program wrote is what the draft goes on with: it stands for the copy of the first revision,
     * and a copy of ours takes its place once there is a second.
     */
    void adopt(DraftKey draft, Place place) {
        long account = place.mailbox().accountId();
        var theirs = new DraftCopy(
                account, 0, 1, messageId(place), new byte[0], place.remoteName(), place.remoteId(), false);
        insert(draft, theirs, 0);
    }

    private Optional<DraftCopy> insert(DraftKey draft, DraftCopy copy, int size) {
        var remoteId = copy.remoteId();
        return jdbc.sql("""
                        insert into draft_copy (account_id, user_id, draft_id, revision, message_id, hash, size,
                               remote_name, remote_id)
                        select :account, user_id, id, revision, :messageId, :hash, :size, :mailbox, :remoteId
                          from draft where user_id = :user and id = :draft and revision = :revision
                        returning account_id, id, revision, message_id, hash, remote_name, remote_id, false as late
                        """)
                .param("account", copy.accountId())
                .param("user", draft.user().value())
                .param("draft", draft.id())
                .param("revision", copy.revision())
                .param("messageId", copy.messageId())
                .param("hash", copy.hash())
                .param("size", size)
                .param("mailbox", copy.remoteName())
                .param("remoteId", remoteId == null ? null : remoteId.value(), Types.BIGINT)
                .query((rs, n) -> copy(rs))
                .optional();
    }

    /** It is there. @return whether anybody still counts on it */
    boolean stands(DraftCopy copy, RemoteId id) {
        return jdbc.sql("update draft_copy set remote_id = ? where account_id = ? and id = ?")
                        .param(id.value())
                        .param(copy.accountId())
                        .param(copy.id())
                        .update()
                > 0;
    }

    /** It is not there, or not ours any more. */
    void forget(DraftCopy copy) {
        jdbc.sql("delete from draft_copy where account_id = ? and id = ?")
                .param(copy.accountId())
                .param(copy.id())
                .update();
    }

    /** The draft that has a copy in that place. */
    Optional<DraftKey> draftAt(Place place) {
        return jdbc.sql("""
                        select user_id, draft_id from draft_copy
                         where account_id = ? and remote_id = ? and remote_name = ? and message_id = ?
                         order by id desc limit 1
                        """)
                .param(place.mailbox().accountId())
                .param(place.remoteId().value())
                .param(place.remoteName())
                .param(messageId(place))
                .query((rs, n) -> new DraftKey(new UserId(rs.getLong(1)), rs.getLong(2)))
                .optional();
    }

    /** A copy of ours, and of what. */
    record OfDraft(DraftKey draft, DraftCopy copy) {}

    /** The copy with the Message-ID of what is in that place, which may be another program's all the same. */
    Optional<OfDraft> named(Place place) {
        return jdbc.sql("""
                        select account_id, id, revision, message_id, hash, remote_name, remote_id, false as late,
                               user_id, draft_id
                          from draft_copy where account_id = ? and message_id = ? and hash <> ''
                         order by id desc limit 1
                        """)
                .param(place.mailbox().accountId())
                .param(messageId(place))
                .query((rs, n) ->
                        new OfDraft(new DraftKey(new UserId(rs.getLong("user_id")), rs.getLong("draft_id")), copy(rs)))
                .optional();
    }

    /** Empty where there is none, or one that no server can be asked for. */
    private static String messageId(Place place) {
        return Optional.ofNullable(place.messageId())
                .filter(MimeWriter::isMessageId)
                .orElse("");
    }

    /** The messages of the index that are copies of a user's drafts as those are now, by the number of the draft. */
    Map<Long, MessageKey> messages(UserId user) {
        var places = jdbc.sql("""
                        select distinct on (c.draft_id) c.draft_id, c.account_id, c.remote_name, c.remote_id
                          from draft_copy c
                          join draft d on d.user_id = c.user_id and d.id = c.draft_id and d.revision = c.revision
                         where c.user_id = ? and c.remote_id is not null order by c.draft_id, c.id desc
                        """)
                .param(user.value())
                .query((rs, n) -> new Stood(rs.getLong(1), rs.getLong(2), rs.getString(3), new RemoteId(rs.getLong(4))))
                .list();
        var messages = new HashMap<Long, MessageKey>();
        places.stream().collect(Collectors.groupingBy(Stood::mailbox)).forEach((mailbox, all) -> {
            var found = index.at(
                    mailbox.accountId(),
                    mailbox.remoteName(),
                    all.stream().map(Stood::remoteId).toList());
            for (var one : all) {
                var message = found.get(one.remoteId());
                if (message != null) {
                    messages.put(one.draftId(), message);
                }
            }
        });
        return messages;
    }

    private record Stood(long draftId, long accountId, String remoteName, RemoteId remoteId) {
        private record Mailbox(long accountId, String remoteName) {}

        Mailbox mailbox() {
            return new Mailbox(accountId, remoteName);
        }
    }

    private static DraftCopy copy(ResultSet rs) throws SQLException {
        return new DraftCopy(
                rs.getLong("account_id"),
                rs.getLong("id"),
                rs.getInt("revision"),
                rs.getString("message_id"),
                rs.getBytes("hash"),
                rs.getString("remote_name"),
                remoteId(rs),
                rs.getBoolean("late"));
    }

    private static @Nullable RemoteId remoteId(ResultSet rs) throws SQLException {
        long id = rs.getLong("remote_id");
        return rs.wasNull() ? null : new RemoteId(id);
    }
}
