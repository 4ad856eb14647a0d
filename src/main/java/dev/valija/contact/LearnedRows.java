package dev.valija.contact;

import dev.valija.account.UserId;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What mail teaches about contacts, account by account. Within transactions of the caller. */
@Repository
class LearnedRows {
    private static final int LOCK_CLASS = 0x1EA2;

    private final JdbcClient jdbc;

    LearnedRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Up to which message the account was learned from: nobody else learns from the user's mail until the end of the
     * transaction. Empty when somebody does, or forgets it.
     */
    OptionalLong claim(UserId user, long accountId) {
        if (!tryLock(user)) {
            return OptionalLong.empty();
        }
        jdbc.sql("insert into contact_learning (account_id) values (?) on conflict do nothing")
                .param(accountId)
                .update();
        return jdbc.sql("select position from contact_learning where account_id = ?")
                .param(accountId)
                .query((rs, n) -> OptionalLong.of(rs.getLong(1)))
                .single();
    }

    private boolean tryLock(UserId user) {
        return jdbc.sql("select pg_try_advisory_xact_lock(?, ?)")
                .params(LOCK_CLASS, Long.hashCode(user.value()))
                .query(Boolean.class)
                .single();
    }

    /**
     * Until the end of the transaction nobody learns from the user's mail. Whoever removes many rows needs this first:
     * learning and removing lock the rows of user, account and contacts in orders that cannot be made one.
     */
    void lock(UserId user) {
        jdbc.sql("select 1 from pg_advisory_xact_lock(?, ?)")
                .params(LOCK_CLASS, Long.hashCode(user.value()))
                .query(Integer.class)
                .single();
    }

    void learnedTo(long accountId, long position) {
        jdbc.sql("update contact_learning set position = ? where account_id = ?")
                .params(position, accountId)
                .update();
    }

    /** Adds these scores. A name that is known stays: it is not for whoever writes next to change it. */
    void add(UserId user, long accountId, Collection<Harvest.Person> people) {
        var entries = people.stream().map(Harvest.Person::entry).toList();
        jdbc.sql("""
                        with learned as (
                            select * from unnest(:emails::text[], :keys::text[], :names::text[], :sortKeys::text[],
                                                 :words::text[], :written::float8[], :received::float8[])
                                          p (email, email_key, name, sort_key, words, written, received)),
                        kept as (
                            insert into contact as c
                                   (user_id, email, email_key, name, saved, sort_key, words, written, received)
                            select :user, email, email_key, name, false, sort_key, words::tsvector, written, received
                              from learned order by email_key
                            on conflict (user_id, email_key) do update
                               set written = valija_score_plus(c.written, excluded.written),
                                   received = valija_score_plus(c.received, excluded.received),
                                   name = coalesce(c.name, excluded.name),
                                   sort_key = case when c.name is null then excluded.sort_key else c.sort_key end,
                                   words = case when c.name is null then excluded.words else c.words end
                             where not c.hidden
                            returning c.id, c.email_key)
                        insert into contact_trace as t (account_id, user_id, contact_id, written, received)
                        select :account, :user, kept.id, learned.written, learned.received
                          from kept join learned using (email_key)
                        on conflict (account_id, contact_id) do update
                           set written = valija_score_plus(t.written, excluded.written),
                               received = valija_score_plus(t.received, excluded.received)
                        """)
                .param("user", user.value())
                .param("account", accountId)
                .param("emails", entries.stream().map(e -> e.email().text()).toArray(String[]::new))
                .param("keys", entries.stream().map(e -> e.email().key()).toArray(String[]::new))
                .param("names", entries.stream().map(Entry::name).toArray(String[]::new))
                .param("sortKeys", ContactRows.sortKeys(entries))
                .param("words", ContactRows.words(user, entries))
                .param("written", people.stream().map(Harvest.Person::written).toArray(Double[]::new))
                .param("received", people.stream().map(Harvest.Person::received).toArray(Double[]::new))
                .update();
    }

    /** Forgets those of these addresses that are strangers. */
    void forgetStrangers(UserId user, List<String> keys) {
        jdbc.sql("delete from contact where user_id = ? and email_key = any (?) and stranger and not hidden")
                .param(user.value())
                .param(keys.toArray(String[]::new))
                .update();
    }

    /** Takes back what the account taught: who was met in its mail alone goes with it. */
    void forgetAccount(long accountId) {
        jdbc.sql("delete from contact_learning where account_id = ?")
                .param(accountId)
                .update();
        jdbc.sql("""
                        with gone as (delete from contact_trace where account_id = :account returning user_id, contact_id),
                        rest as (
                            select g.user_id, g.contact_id, count(t.contact_id) traces,
                                   valija_score_sum(t.written) written, valija_score_sum(t.received) received
                              from gone g
                              left join contact_trace t on t.user_id = g.user_id and t.contact_id = g.contact_id
                                                       and t.account_id <> :account
                             group by g.user_id, g.contact_id),
                        orphans as (
                            delete from contact c using rest r
                             where c.user_id = r.user_id and c.id = r.contact_id and r.traces = 0 and not c.saved)
                        update contact c set written = r.written, received = r.received from rest r
                         where c.user_id = r.user_id and c.id = r.contact_id and (r.traces > 0 or c.saved)
                        """).param("account", accountId).update();
    }
}
