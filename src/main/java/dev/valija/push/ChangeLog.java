package dev.valija.push;

import dev.valija.account.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The tables change_head and change_log. */
@Component
class ChangeLog {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    ChangeLog(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** One change; {@code data} is JSON. */
    record Entry(long seq, long accountId, String event, String data) {}

    /** How far the log goes. */
    record Head(long last, long trimmed) {
        /** Whether everything after {@code seq} is still there. A number never given out comes from another database. */
        boolean reaches(long seq) {
            return seq >= trimmed && seq <= last;
        }
    }

    /**
     * Holds the logs of several users until the end of the transaction. Whoever writes to more than one takes them all
     * first, in the same order as everybody.
     */
    void hold(Collection<UserId> users) {
        jdbc.sql("""
                        with made as (
                            insert into change_head (user_id, last_seq)
                            select id, 0 from users where id = any (:users) order by id
                                on conflict (user_id) do update set last_seq = change_head.last_seq
                            returning user_id)
                        select count(*) from made
                        """)
                .param("users", users.stream().map(UserId::value).sorted().toArray(Long[]::new))
                .query(Integer.class)
                .single();
    }

    /** Forgets what was told of an account that is nothing to the user any more. */
    void forget(UserId user, long accountId) {
        jdbc.sql("delete from change_log where user_id = ? and account_id = ?")
                .params(user.value(), accountId)
                .update();
    }

    /**
     * Writes changes at the end of the caller's transaction. The order of numbers is the order of commits, since the
     * user's row stays locked until then.
     *
     * @return whether they were written: a user who is being removed has no log
     */
    boolean append(UserId user, long accountId, List<News> news) {
        return jdbc.sql("""
                        with head as (
                            insert into change_head as head (user_id, last_seq)
                            select id, cardinality(:events::text[]) from users where id = :user
                                on conflict (user_id) do update set last_seq = head.last_seq + excluded.last_seq
                            returning last_seq),
                        log as (
                            insert into change_log (user_id, seq, account_id, event, data)
                            select :user, head.last_seq - cardinality(:events::text[]) + news.n, :account, news.event,
                                   news.data::jsonb
                              from head, unnest(:events::text[], :data::text[]) with ordinality news (event, data, n))
                        select count(*) from head
                        """)
                        .param("user", user.value())
                        .param("account", accountId)
                        .param("events", news.stream().map(News::event).toArray(String[]::new))
                        .param(
                                "data",
                                news.stream().map(json::writeValueAsString).toArray(String[]::new))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** The changes after {@code since}, oldest first. Ask for the head afterwards: some may have been trimmed before. */
    List<Entry> after(UserId user, long since, int limit) {
        return jdbc.sql("""
                        select seq, account_id, event, data::text from change_log
                        where user_id = ? and seq > ? order by seq limit ?
                        """)
                .params(user.value(), since, limit)
                .query(Entry.class)
                .list();
    }

    Head head(UserId user) {
        return jdbc.sql("select last_seq, trimmed from change_head where user_id = ?")
                .param(user.value())
                .query((row, n) -> new Head(row.getLong(1), row.getLong(2)))
                .optional()
                .orElse(new Head(0, 0));
    }

    /** Forgets what is too old or too much, for one user who has such, and says for whom. */
    Optional<UserId> trim(Duration keep, int keepRows) {
        return jdbc
                .sql("""
                        with due as (
                            select user_id, greatest(last_seq - :rows, coalesce((
                                select max(seq) from change_log log
                                where log.user_id = head.user_id and at < now() - make_interval(secs => :seconds)), 0)) upto
                            from change_head head
                            where exists (
                                select from change_log log where log.user_id = head.user_id
                                and (seq <= last_seq - :rows or at < now() - make_interval(secs => :seconds)))
                            limit 1 for update skip locked),
                        marked as (
                            update change_head set trimmed = greatest(trimmed, upto)
                            from due where change_head.user_id = due.user_id
                            returning change_head.user_id, trimmed)
                        delete from change_log using marked
                        where change_log.user_id = marked.user_id and seq <= trimmed
                        returning marked.user_id
                        """)
                .param("rows", keepRows)
                .param("seconds", keep.toSeconds())
                .query(Long.class)
                .list()
                .stream()
                .findFirst()
                .map(UserId::new);
    }
}
