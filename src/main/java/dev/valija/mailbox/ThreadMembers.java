package dev.valija.mailbox;

import dev.valija.message.Envelope;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The messages of threads, with all that can connect them. */
@Repository
class ThreadMembers {
    private final JdbcClient jdbc;

    ThreadMembers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A message of a thread. */
    record Member(long id, long mailbox, long thread, Envelope envelope, ThreadIndex.Links links) {}

    /** All of a thread, oldest first. */
    List<Member> of(long accountId, long thread) {
        return of(accountId, thread, Integer.MAX_VALUE);
    }

    /** The newest of a thread, oldest first. */
    List<Member> of(long accountId, long thread, int most) {
        return jdbc.sql("""
                        select m.id, m.mailbox_id, m.message_id, m.subject, m.base_subject,
                               m.envelope
                          from message_place p
                          join message m on m.account_id = p.account_id and m.id = p.message_id
                         where p.account_id = ? and p.thread_id = ?
                         order by m.received_at desc, m.arrival desc, m.id desc limit ?
                        """)
                .param(accountId)
                .param(thread)
                .param(most)
                .query((rs, n) -> {
                    var envelope = MessageJson.envelope(
                            rs.getString("message_id"), rs.getString("subject"), null, rs.getString("envelope"));
                    return new Member(
                            rs.getLong("id"),
                            rs.getLong("mailbox_id"),
                            thread,
                            envelope,
                            ThreadIndex.Links.of(envelope, rs.getString("base_subject")));
                })
                .list()
                .reversed();
    }

    /** The threads of the messages with these Message-IDs. */
    List<Long> threadsOf(long accountId, Collection<String> messageIds) {
        return jdbc.sql("""
                        select distinct p.thread_id from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                         where m.account_id = ? and m.message_id = any (?)
                        """)
                .param(accountId)
                .param(messageIds.toArray(String[]::new))
                .query(Long.class)
                .list();
    }

    /** The threads that messages are in now, by their ids. */
    Map<Long, Long> threads(long accountId, Collection<Long> messages) {
        var threads = new HashMap<Long, Long>();
        jdbc.sql("select message_id, thread_id from message_place where account_id = ? and message_id = any (?)")
                .param(accountId)
                .param(messages.toArray(Long[]::new))
                .query(rs -> {
                    threads.put(rs.getLong(1), rs.getLong(2));
                });
        return threads;
    }
}
