package dev.valija.contact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.UserId;
import dev.valija.support.Explained;
import dev.valija.support.FreshDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds suggestions among 20,000 contacts of one user, and as many of others, to their indexes, and to the pages (8 KiB)
 * they may read: unlike time, that is the same on every machine.
 */
class ContactPlanIT {
    private static final Pattern PAGES = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    private static final List<String> PLANS = new ArrayList<>();
    private static UserId user;
    /** PostgreSQL has no statistics of them. */
    private static UserId late;

    private static ContactRows rows;

    @BeforeAll
    static void fill() {
        var source = (PGSimpleDataSource) FreshDatabase.migrated().dataSource();
        var plain = JdbcClient.create(source);
        var users = plain.sql("""
                        insert into users (store_host, store_port, login_name)
                        select 'h', 1, 'u' || i from generate_series(1, 21) i returning id
                        """).query(Long.class).list();
        for (int u = 1; u < users.size() - 1; u++) {
            fill(plain, new UserId(users.get(u)), 1_000);
        }
        user = new UserId(users.getFirst());
        fill(plain, user, 20_000);
        plain.sql("alter table contact set (autovacuum_enabled = off)").update();
        plain.sql("vacuum analyze contact").update();
        late = new UserId(users.getLast());
        fill(plain, late, 20_000);
        source.setOptions(
                FreshDatabase.OPTIONS + " -c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
                        + " -c auto_explain.log_analyze=on -c auto_explain.log_buffers=on -c auto_explain.log_timing=off"
                        + " -c auto_explain.log_level=notice -c client_min_messages=notice -c jit=off");
        rows = new ContactRows(JdbcClient.create(new Explained(source, PLANS)));
    }

    /** Of eight in nine only mail is known; first names are few, as they are. */
    private static void fill(JdbcClient plain, UserId user, int contacts) {
        var firsts = List.of("Anna", "Álvaro", "Bert", "Chloé", "Luis", "Marta", "Nina", "Omar", "Priya", "Tomás");
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < contacts; i++) {
            var first = firsts.get(i % firsts.size());
            var email = "%s.n%d@d%d.example".formatted(ContactWords.sortKey(first, mail("x@y.example")), i, i % 500);
            entries.add(new Entry(first + " N" + i, mail(email)));
        }
        plain.sql("""
                        insert into contact (user_id, email, email_key, name, saved, sort_key, words, written, received)
                        select :user, e, e, n, i % 9 = 0, s, w::tsvector, case when i % 7 = 0 then 220 + i::float8 / 900 else '-Infinity' end,
                               200 + i::float8 / 900
                          from unnest(:emails::text[], :names::text[], :sortKeys::text[], :words::text[])
                               with ordinality e (e, n, s, w, i)
                        """)
                .param("user", user.value())
                .param("emails", entries.stream().map(e -> e.email().text()).toArray(String[]::new))
                .param("names", entries.stream().map(Entry::name).toArray(String[]::new))
                .param("sortKeys", ContactRows.sortKeys(entries))
                .param("words", ContactRows.words(user, entries))
                .update();
    }

    private static Email mail(String text) {
        return Email.of(text).orElseThrow();
    }

    /** The hits there are up to 8, the pages that may be read, and the index in which they are found in the end. */
    @ParameterizedTest
    @CsvSource({
        "a,             8, 1200, contact_by_rank",
        "an,            8, 1200, contact_by_rank",
        "anna,          8, 1200, contact_by_rank",
        "ALVARO,        8, 1200, contact_by_rank",
        "example,       8, 1200, contact_by_rank",
        "n,             8, 1200, contact_by_rank",
        "anna n1,       8, 2500, contact_by_rank",
        "anna.n1,       8, 2500, contact_by_rank",
        "n1777,         8, 2500, contact_by_word",
        "marta n19995,  1, 2500, contact_by_word",
        "nobody,        0, 2500, contact_by_word",
        "d77,           8, 2500, contact_by_word"
    })
    void suggestionsAreLookedUp(String text, int hits, int pages, String index) {
        for (var each : List.of(user, late)) {
            PLANS.clear();
            var found = rows.suggested(each, ContactWords.query(each, text), List.of("anna.n0@d0.example"), 8);
            assertThat(found).hasSize(hits);
            assertThat(pagesRead()).isLessThan(pages);
            assertThat(PLANS).noneMatch(plan -> plan.contains("Seq Scan"));
            assertThat(PLANS.getFirst()).contains("contact_by_rank").doesNotContain("Sort  (");
            assertThat(PLANS.getLast()).contains(index);
        }
    }

    @Test
    void whoIsWrittenToMostIsReadOffTheIndex() {
        for (var each : List.of(user, late)) {
            PLANS.clear();
            assertThat(rows.suggested(each, "", List.of("anna.n0@d0.example"), 8))
                    .hasSize(8);
            assertThat(PLANS.getLast()).contains("contact_by_rank").doesNotContain("Seq Scan", "Sort");
            assertThat(pagesRead()).isLessThan(50);
        }
    }

    @Test
    void listsByNameAreReadOffTheIndexAtAnyDepth() {
        for (var each : List.of(user, late)) {
            for (var list : List.of(ContactList.SAVED, ContactList.COLLECTED)) {
                listsByNameAreReadOffTheIndexAtAnyDepth(each, list);
            }
        }
    }

    private static void listsByNameAreReadOffTheIndexAtAnyDepth(UserId each, ContactList list) {
        var index = "contact_" + list.name().toLowerCase(Locale.ROOT);
        for (var from : List.of(ContactCursor.start(list), new ContactCursor(list, "marta n11111", 5))) {
            PLANS.clear();
            assertThat(rows.page(each, from, "", 50)).hasSize(50);
            assertThat(PLANS.getLast()).contains(index).doesNotContain("Seq Scan", "Sort  (");
            assertThat(pagesRead()).isLessThan(150);
        }
        PLANS.clear();
        var nina = ContactWords.query(each, "nina");
        assertThat(rows.page(each, ContactCursor.start(list), nina, 50)).hasSize(50);
        assertThat(PLANS.getLast()).contains("contact_by_word").doesNotContain("Seq Scan");
    }

    private static int pagesRead() {
        int pages = 0;
        for (var plan : PLANS) {
            var first = PAGES.matcher(plan); // the first line is that of the whole statement
            if (first.find()) {
                pages += Integer.parseInt(first.group(1))
                        + (first.group(2) == null ? 0 : Integer.parseInt(first.group(2)));
            }
        }
        assertThat(pages).isPositive();
        return pages;
    }
}
