package dev.valija.mailbox;

import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Where messages are at their providers, for modules that work on single ones: sending answers, for instance. */
@Service
public class MessagePlaces {
    private final JdbcClient jdbc;
    private final Accesses accesses;

    MessagePlaces(JdbcClient jdbc, Accesses accesses) {
        this.jdbc = jdbc;
        this.accesses = accesses;
    }

    /**
     * A message's place and what an answer to it has to name.
     *
     * @param remoteName the mailbox at the provider
     * @param messageId its Message-ID, or null where it has none or one too long to be kept
     * @param references its References, oldest first
     */
    public record Place(
            MailboxKey mailbox,
            String remoteName,
            RemoteId remoteId,
            @Nullable String messageId,
            List<String> references) {}

    /**
     * The place of a message that this user may see; empty when it is gone.
     *
     * @throws dev.valija.problem.ProblemException not-found when nothing of the account is for them
     */
    public Optional<Place> find(UserId user, MessageKey key) {
        var access = accesses.require(user, key.accountId());
        return find(key).filter(place -> access.sees(place.mailbox().id()));
    }

    /** The place of a message, for work in the background; empty when it is gone. */
    public Optional<Place> find(MessageKey key) {
        return places(key.accountId(), "m.id = ?", key.id()).stream().findFirst();
    }

    /** The places of all messages of that Message-ID in an account, for work in the background. */
    public List<Place> named(long accountId, String messageId) {
        return places(accountId, "m.message_id = ?", Texts.idKey(messageId));
    }

    private List<Place> places(long accountId, String which, Object value) {
        return jdbc.sql("""
                        select b.id, b.remote_name, m.remote_id, m.message_id,
                               array(select jsonb_array_elements_text(coalesce(
                                         nullif(m.envelope -> 'references', '[]'),
                                         m.envelope -> 'inReplyTo', '[]'))) as refs
                          from stored_message m join mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id
                         where m.remote_id is not null and m.account_id = ? and
                        """ + which)
                .param(accountId)
                .param(value)
                .query((rs, n) -> new Place(
                        new MailboxKey(accountId, rs.getLong(1)),
                        rs.getString(2),
                        new RemoteId(rs.getLong(3)),
                        Texts.idOf(rs.getString(4)),
                        List.of((String[]) rs.getArray(5).getArray())))
                .list();
    }

    /** When the provider got a message, for work in the background; empty when it is gone. */
    public Optional<Instant> receivedAt(MessageKey key) {
        return jdbc.sql("select received_at from message where account_id = ? and id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> MessageRow.instant(rs, "received_at"))
                .optional();
    }

    /**
     * Where a message is and how it is marked.
     *
     * @param header its Message-ID as the index keeps it, or null where it has none
     */
    public record Standing(
            MessageKey key, MailboxKey mailbox, @Nullable String header, Set<Keyword> keywords) {
        public Standing {
            keywords = Set.copyOf(keywords);
        }
    }

    /** Those of these messages that there are, by our numbers; for work in the background. */
    public Map<Long, Standing> standing(long accountId, Collection<Long> ids) {
        return standing(accountId, "m.id = any (?)", ids.toArray(Long[]::new)).stream()
                .collect(Collectors.toMap(standing -> standing.key().id(), standing -> standing));
    }

    /** The messages with that Message-ID, as the index keeps it. */
    public List<Standing> standing(long accountId, String header) {
        return standing(accountId, "m.message_id = ?", header);
    }

    private List<Standing> standing(long accountId, String which, Object value) {
        return jdbc.sql("""
                        select m.id, p.mailbox_id, m.message_id, p.keywords
                          from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                         where m.account_id = ? and
                        """ + which)
                .param(accountId)
                .param(value)
                .query((rs, n) -> new Standing(
                        new MessageKey(accountId, rs.getLong(1)),
                        new MailboxKey(accountId, rs.getLong(2)),
                        rs.getString(3),
                        Stream.of((String[]) rs.getArray(4).getArray())
                                .map(Keyword::new)
                                .collect(Collectors.toSet())))
                .list();
    }

    /** The message of that Message-ID in an account, the last to come of several. */
    public Optional<MessageKey> find(long accountId, String messageId) {
        return jdbc.sql("select id from message where account_id = ? and message_id = ? order by arrival desc limit 1")
                .param(accountId)
                .param(Texts.idKey(messageId))
                .query((rs, n) -> new MessageKey(accountId, rs.getLong(1)))
                .optional();
    }

    /** The messages of these Message-IDs in an account, the last to come of several, by what they are asked for. */
    public Map<String, MessageKey> find(long accountId, Collection<String> messageIds) {
        var wanted = new HashMap<String, String>();
        messageIds.forEach(messageId -> wanted.put(Texts.idKey(messageId), messageId));
        var found = new HashMap<String, MessageKey>();
        jdbc.sql("select message_id, id from message where account_id = ? and message_id = any (?) order by arrival")
                .param(accountId)
                .param(wanted.keySet().toArray(String[]::new))
                .query((RowCallbackHandler) rs -> found.put(
                        Objects.requireNonNull(wanted.get(rs.getString(1))), new MessageKey(accountId, rs.getLong(2))));
        return found;
    }

    /** Which of the messages that an account's provider has in a mailbox the index knows. */
    public Map<RemoteId, MessageKey> at(long accountId, String remoteName, Collection<RemoteId> ids) {
        var found = new HashMap<RemoteId, MessageKey>();
        jdbc.sql("""
                        select p.remote_id, p.message_id
                          from mailbox b
                          join message_place p on p.account_id = b.account_id and p.mailbox_id = b.id
                         where b.account_id = ? and b.remote_name = ? and p.remote_id = any (?)
                        """)
                .param(accountId)
                .param(remoteName)
                .param(ids.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((RowCallbackHandler)
                        rs -> found.put(new RemoteId(rs.getLong(1)), new MessageKey(accountId, rs.getLong(2))));
        return found;
    }
}
