package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Compares the kept list of threads with the messages it is kept from. */
final class ThreadCounts {
    private static final String KEPT = """
            select account_id, mailbox_id, thread_id, messages, unread, flagged, attachments, newest_at, newest_arrival
              from mailbox_thread""";
    private static final String COUNTED = """
            select account_id, mailbox_id, thread_id, count(*)::int, count(*) filter (where unread)::int,
                   count(*) filter (where flagged)::int, count(*) filter (where has_attachment)::int, max(received_at),
                   (array_agg(arrival order by received_at desc, arrival desc))[1]
              from message_place group by account_id, mailbox_id, thread_id""";

    static void assertAgree(JdbcClient jdbc) {
        assertThat(count(jdbc, "(" + KEPT + ") except (" + COUNTED + ")"))
                .as("threads that are listed and not so")
                .isZero();
        assertThat(count(jdbc, "(" + COUNTED + ") except (" + KEPT + ")"))
                .as("threads that are not listed so")
                .isZero();
        assertThat(count(jdbc, """
                        select from mailbox b
                          left join (select account_id, mailbox_id, count(*) n, count(*) filter (where unread > 0) unread,
                                            count(*) filter (where flagged > 0) flagged,
                                            count(*) filter (where attachments > 0) attachments
                                       from mailbox_thread group by account_id, mailbox_id) t
                            on t.account_id = b.account_id and t.mailbox_id = b.id
                         where b.threads <> coalesce(t.n, 0) or b.unread_threads <> coalesce(t.unread, 0)
                            or b.flagged_threads <> coalesce(t.flagged, 0)
                            or b.attachment_threads <> coalesce(t.attachments, 0)
                        """))
                .as("mailboxes whose threads are counted wrongly")
                .isZero();
        assertThat(count(jdbc, """
                        select from mailbox b
                          left join (select account_id, mailbox_id, count(*) filter (where flagged) flagged,
                                            count(*) filter (where has_attachment) attached
                                       from message_place group by account_id, mailbox_id) p
                            on p.account_id = b.account_id and p.mailbox_id = b.id
                         where b.flagged <> coalesce(p.flagged, 0) or b.with_attachment <> coalesce(p.attached, 0)
                        """))
                .as("mailboxes whose messages are counted wrongly")
                .isZero();
    }

    private static long count(JdbcClient jdbc, String rows) {
        return jdbc.sql("select count(*) from (" + rows + ") r")
                .query(Long.class)
                .single();
    }

    private ThreadCounts() {}
}
