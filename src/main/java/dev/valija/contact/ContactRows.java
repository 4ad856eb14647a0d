package dev.valija.contact;

import dev.valija.account.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** The table contact as users see and change it. What mail adds to it, {@link LearnedRows} writes. */
@Repository
class ContactRows {
    /** Most of those whom a user writes to are among so many. */
    private static final int LIKELY = 1_000;

    private final JdbcClient jdbc;

    ContactRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A contact and where it stands in lists by name. */
    record Row(Contact contact, String sortKey) {
        ContactCursor cursor(ContactList list) {
            return new ContactCursor(list, sortKey, Long.parseLong(contact.id()));
        }
    }

    /** Where a contact stands for who wants to change it. */
    record State(int revision, boolean saved) {}

    /**
     * Who is most likely meant by these words, or by nothing yet: first those in the address book and those written to,
     * then those who only wrote; of each, those with whom most mail was exchanged of late.
     *
     * @param own addresses that come last; in lower case
     */
    List<Contact> suggested(UserId user, String query, Collection<String> own, int limit) {
        if (query.isEmpty()) {
            return suggestions(user, own, limit, "true", query);
        }
        var likely = suggestions(user, own, limit, "words @@ cast(:query as tsquery)", query);
        return likely.size() == limit ? likely : found(user, query, own, limit);
    }

    /** Of those with whom most mail was exchanged. A word that many have would lead to thousands of others besides. */
    private List<Contact> suggestions(UserId user, Collection<String> own, int limit, String those, String query) {
        return bind(user, query, own, limit, jdbc.sql("""
                        select id, name, email, saved, written > '-Infinity' as written_to, revision, sort_key
                          from (select * from contact where user_id = :user and not hidden
                                 order by stranger, score desc, id limit %d) likely
                         where %s and email_key <> all (:own)
                         order by stranger, score desc, id limit :limit
                        """.formatted(LIKELY, those)));
    }

    /** Of all, found by the words first: these are the user's alone. */
    private List<Contact> found(UserId user, String query, Collection<String> own, int limit) {
        return bind(user, query, own, limit, jdbc.sql("""
                        with found as materialized (
                            select * from contact where words @@ cast(:query as tsquery))
                        select id, name, email, saved, written > '-Infinity' as written_to, revision, sort_key from found
                         where user_id = :user and not hidden
                         order by email_key = any (:own), stranger, score desc, id limit :limit
                        """));
    }

    private static List<Contact> bind(UserId user, String query, Collection<String> own, int limit, StatementSpec sql) {
        return sql.param("user", user.value())
                .param("query", query)
                .param("own", own.toArray(String[]::new))
                .param("limit", limit)
                .query((rs, n) -> read(rs).contact())
                .list();
    }

    /** Part of a list by name, of those with these words or of all. */
    List<Row> page(UserId user, ContactCursor from, String query, int limit) {
        var those = switch (from.list()) {
            case SAVED -> "saved";
            case COLLECTED, SUGGESTED -> "not saved and not hidden";
        };
        var found = query.isEmpty()
                ? ""
                : "with contact as materialized (select * from contact where words @@ cast(:query as tsquery))";
        return jdbc.sql("""
                        %s
                        select id, name, email, saved, written > '-Infinity' as written_to, revision, sort_key from contact
                         where user_id = :user and %s and (sort_key, id) > (:key, :id)
                         order by sort_key, id limit :limit
                        """.formatted(found, those))
                .param("user", user.value())
                .param("query", query)
                .param("key", from.sortKey())
                .param("id", from.id())
                .param("limit", limit)
                .query((rs, n) -> read(rs))
                .list();
    }

    Optional<Contact> find(ContactKey key) {
        return jdbc.sql("""
                        select id, name, email, saved, written > '-Infinity' as written_to, revision, sort_key from contact
                         where user_id = ? and id = ? and not hidden
                        """)
                .params(key.user().value(), key.id())
                .query((rs, n) -> read(rs).contact())
                .optional();
    }

    /** Where it stands, and stays until the end of the transaction. */
    Optional<State> lock(ContactKey key) {
        return jdbc.sql("select revision, saved from contact where user_id = ? and id = ? and not hidden for update")
                .params(key.user().value(), key.id())
                .query(State.class)
                .optional();
    }

    /** How many are in the address book. */
    int countSaved(UserId user) {
        return jdbc.sql("select count(*) from contact where user_id = ? and saved")
                .param(user.value())
                .query(Integer.class)
                .single();
    }

    /** Whether somebody of that address is in the address book. */
    Optional<ContactKey> saved(UserId user, Email email) {
        return jdbc.sql("select id from contact where user_id = ? and email_key = ? and saved")
                .params(user.value(), email.key())
                .query(Long.class)
                .optional()
                .map(id -> new ContactKey(user, id));
    }

    /** What became of entries. */
    record Saved(long id, boolean wasSaved) {}

    /**
     * Puts these into the address book, each address once. Who is there already gets the name that is given, if it is
     * another; who needs no change is not in the answer.
     */
    List<Saved> save(UserId user, List<Entry> entries) {
        return jdbc.sql("""
                        insert into contact (user_id, email, email_key, name, saved, sort_key, words)
                        select :user, e.email, e.email_key, e.name, true, e.sort_key, e.words::tsvector
                          from unnest(:emails::text[], :keys::text[], :names::text[], :sortKeys::text[], :words::text[])
                               e (email, email_key, name, sort_key, words)
                         order by e.email_key
                        on conflict (user_id, email_key) do update
                           set saved = true, hidden = false, revision = contact.revision + 1,
                               name = coalesce(excluded.name, contact.name),
                               sort_key = case when excluded.name is null and not contact.hidden
                                               then contact.sort_key else excluded.sort_key end,
                               words = case when excluded.name is null and not contact.hidden
                                            then contact.words else excluded.words end
                         where not contact.saved or excluded.name <> contact.name
                               or (excluded.name is not null and contact.name is null)
                        returning new.id, coalesce(old.saved, false) as was_saved
                        """)
                .param("user", user.value())
                .param("emails", entries.stream().map(e -> e.email().text()).toArray(String[]::new))
                .param("keys", entries.stream().map(e -> e.email().key()).toArray(String[]::new))
                .param("names", entries.stream().map(Entry::name).toArray(String[]::new))
                .param("sortKeys", sortKeys(entries))
                .param("words", words(user, entries))
                .query(Saved.class)
                .list();
    }

    /** Changes a contact, which is in the address book from then on. */
    void change(ContactKey key, Entry entry) {
        bind(key, jdbc.sql("""
                        update contact set name = :name, email = :email, email_key = :emailKey, saved = true,
                               sort_key = :sortKey, words = :words::tsvector, revision = revision + 1
                         where user_id = :user and id = :id
                        """))
                .param("name", entry.name())
                .param("email", entry.email().text())
                .param("emailKey", entry.email().key())
                .param("sortKey", ContactWords.sortKey(entry.name(), entry.email()))
                .param("words", ContactWords.of(key.user(), entry.name(), entry.email()))
                .update();
    }

    /** Takes whoever else has that address and is not in the address book out of its way. */
    void makeWay(ContactKey key, Email email) {
        bind(key, jdbc.sql("""
                        delete from contact where user_id = :user and email_key = :email and id <> :id and not saved
                        """)).param("email", email.key()).update();
    }

    /** Takes a contact out of all lists, and remembers no more of it than that it is not wanted. */
    boolean hide(ContactKey key) {
        bind(key, jdbc.sql("delete from contact_trace where user_id = :user and contact_id = :id"))
                .update();
        return bind(key, jdbc.sql("""
                        update contact set hidden = true, saved = false, name = null, sort_key = '', words = '',
                               written = '-Infinity', received = '-Infinity', revision = revision + 1
                         where user_id = :user and id = :id and not hidden
                        """)).update() > 0;
    }

    static String[] sortKeys(List<Entry> entries) {
        return entries.stream()
                .map(e -> ContactWords.sortKey(e.name(), e.email()))
                .toArray(String[]::new);
    }

    static String[] words(UserId user, List<Entry> entries) {
        return entries.stream()
                .map(e -> ContactWords.of(user, e.name(), e.email()))
                .toArray(String[]::new);
    }

    private static StatementSpec bind(ContactKey key, StatementSpec sql) {
        return sql.param("user", key.user().value()).param("id", key.id());
    }

    private static Row read(ResultSet rs) throws SQLException {
        var contact = new Contact(
                rs.getString("id"),
                rs.getString("name"),
                rs.getString("email"),
                rs.getBoolean("saved"),
                rs.getBoolean("written_to"),
                rs.getInt("revision"));
        return new Row(contact, rs.getString("sort_key"));
    }
}
