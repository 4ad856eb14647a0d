package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** All that is in a mailbox, a stretch at a time: for modules that look at every message of one. */
@Service
public class Residents {
    private final JdbcClient jdbc;
    private final Provider provider;
    private final MailboxIndex mailboxes;

    Residents(JdbcClient jdbc, Provider provider, MailboxIndex mailboxes) {
        this.jdbc = jdbc;
        this.provider = provider;
        this.mailboxes = mailboxes;
    }

    /**
     * One message.
     *
     * @param id its number within the account
     * @param receivedAt INTERNALDATE
     */
    public record Resident(long id, Instant receivedAt, Set<Keyword> keywords) {
        public Resident {
            keywords = Set.copyOf(keywords);
        }
    }

    /** Those with larger numbers than that, in their order, at most so many. */
    public List<Resident> after(MailboxKey mailbox, long id, int most) {
        return jdbc.sql("""
                        select message_id, received_at, keywords from message_place
                         where account_id = ? and mailbox_id = ? and message_id > ? order by message_id limit ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(id)
                .param(most)
                .query((rs, n) -> new Resident(
                        rs.getLong(1),
                        ApiTime.clamped(MessageRow.instant(rs, "received_at")),
                        Stream.of((String[]) rs.getArray(3).getArray())
                                .map(Keyword::new)
                                .collect(Collectors.toSet())))
                .list();
    }

    /** What people know a message by. */
    public record Sketch(String id, List<Address> from, String subject, Instant receivedAt) {
        public Sketch {
            from = List.copyOf(from);
        }
    }

    /** Those of these messages that there are, by number. */
    public Map<Long, Sketch> sketches(long accountId, Collection<Long> ids) {
        var found = new HashMap<Long, Sketch>();
        jdbc.sql(
                        "select id, message_id, subject, envelope, received_at from message where account_id = ? and id = any (?)")
                .param(accountId)
                .param(ids.toArray(Long[]::new))
                .query((RowCallbackHandler) rs -> {
                    var envelope = MessageJson.envelope(
                            rs.getString("message_id"), rs.getString("subject"), null, rs.getString("envelope"));
                    found.put(
                            rs.getLong("id"),
                            new Sketch(
                                    new MessageKey(accountId, rs.getLong("id")).toString(),
                                    envelope.from(),
                                    rs.getString("subject"),
                                    ApiTime.clamped(MessageRow.instant(rs, "received_at"))));
                });
        return found;
    }

    /**
     * Asks the provider whether messages are what the index takes them for, for those who are about to remove some.
     *
     * @return those that the provider has in that mailbox, under their ids there, with the same Message-ID and
     *     INTERNALDATE, and their keywords as they are now; none where it has no such mailbox
     * @throws dev.valija.problem.ProblemException when the provider cannot be asked
     */
    public Map<Long, Set<Keyword>> proven(MailboxKey key, Collection<Long> ids) {
        var mailbox = mailboxes.find(key);
        var known = mailbox.isEmpty() ? Map.<RemoteId, Known>of() : known(key, ids);
        if (known.isEmpty()) {
            return Map.of();
        }
        var proven = new HashMap<Long, Set<Keyword>>();
        provider.with(key.accountId(), store -> {
            store.fetch(mailbox.get().remoteName(), known.keySet(), message -> {
                var one = known.get(message.id());
                if (one != null && one.is(message)) {
                    proven.put(one.id(), message.keywords());
                }
            });
            return known;
        });
        return proven;
    }

    /** A message as the index knows it. */
    private record Known(long id, @Nullable String header, Instant receivedAt) {
        /** By the second, which is all that INTERNALDATE tells. */
        boolean is(RemoteMessage message) {
            var theirs = message.envelope().messageId();
            return Objects.equals(header, theirs == null ? null : Texts.idKey(theirs))
                    && receivedAt.getEpochSecond() == message.receivedAt().getEpochSecond();
        }
    }

    private Map<RemoteId, Known> known(MailboxKey mailbox, Collection<Long> ids) {
        var known = new HashMap<RemoteId, Known>();
        jdbc.sql("""
                        select p.remote_id, m.id, m.message_id, m.received_at
                          from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                         where m.account_id = ? and p.mailbox_id = ? and m.id = any (?) and p.remote_id is not null
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(ids.toArray(Long[]::new))
                .query((RowCallbackHandler) rs -> known.put(
                        new RemoteId(rs.getLong(1)),
                        new Known(rs.getLong(2), rs.getString(3), MessageRow.instant(rs, "received_at"))));
        return known;
    }
}
