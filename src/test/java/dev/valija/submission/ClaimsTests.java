package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.submission.Claims.Job;
import dev.valija.support.FreshDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Several nodes on one outbox. */
class ClaimsTests {
    private static final DataSource DATABASE = FreshDatabase.migrated().dataSource();

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final List<Object> told = new ArrayList<>();
    private final Claims claims =
            new Claims(jdbc, new TransactionTemplate(new DataSourceTransactionManager(DATABASE)), event -> {
                synchronized (told) {
                    told.add(event);
                }
            });

    @BeforeEach
    void anAccount() {
        jdbc.sql("delete from users").update();
        jdbc.sql(
                        "insert into users (id, store_host, store_port, login_name) overriding system value values (1, 'h', 1, 'l')")
                .update();
        jdbc.sql("""
                insert into account (id, user_id, first, address, name, login_name, store_host, store_port, store_security,
                       transport_host, transport_port, transport_security, master_key, data_key, password)
                values (1, 1, true, 'a@example.org', 'a', 'l', 'h', 1, 'TLS', 'h', 1, 'TLS', 'm', '', '')
                """).update();
    }

    @Test
    void eachSubmissionIsTakenByOneNode() throws Exception {
        for (int i = 0; i < 200; i++) {
            insert("QUEUED", "now()", "null");
        }
        var taken = new ArrayList<Future<List<Job>>>();
        try (var nodes = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                taken.add(nodes.submit(() -> {
                    var mine = new ArrayList<Job>();
                    for (var some = claims.take(7); !some.isEmpty(); some = claims.take(7)) {
                        mine.addAll(some);
                    }
                    return mine;
                }));
            }
        }
        var all = new ArrayList<SubmissionKey>();
        for (var node : taken) {
            node.get().forEach(job -> all.add(job.key()));
        }

        assertThat(all).hasSize(200).doesNotHaveDuplicates();
        assertThat(told).hasSize(200);
    }

    @Test
    void aClaimThatRunsIsRespectedAndOneThatEndedIsNot() {
        insert("TALKING", "now()", "now() + interval '30 seconds'");
        assertThat(claims.take(10)).isEmpty();

        jdbc.sql("update submission set claimed_until = now() - interval '1 second'")
                .update();
        assertThat(claims.take(10)).singleElement().extracting(Job::state).isEqualTo(SubmissionState.TALKING);
    }

    @Test
    void whatIsNotDueOrHasEndedIsLeftAlone() {
        insert("HELD", "now() + interval '1 hour'", "null");
        for (var state : List.of("DONE", "REJECTED", "UNKNOWN", "CANCELLED")) {
            insert(state, "now() - interval '1 hour'", "null");
        }

        assertThat(claims.take(10)).isEmpty();
        assertThat(claims.untilNextDue(5000)).isEqualTo(5000);
    }

    @Test
    void aServersYesOverrulesASearchBegunMeanwhile() {
        insert("TALKING", "now()", "null");
        var slow = claims.step(claims.take(1).getFirst(), SubmissionState.GATE);
        jdbc.sql("update submission set claimed_until = now() - interval '1 second'")
                .update();
        var searching = claims.take(1).getFirst();
        assertThat(searching.state()).isEqualTo(SubmissionState.RESOLVE);
        claims.end(searching, SubmissionState.UNKNOWN, () -> {});

        assertThat(claims.accepted(slow, () -> {}).state()).isEqualTo(SubmissionState.ACCEPTED);
        assertThat(claims.step(slow(slow), SubmissionState.FILED).state()).isEqualTo(SubmissionState.FILED);
    }

    @Test
    void onlyWhatEndedLongAgoIsForgotten() {
        insert("DONE", "now()", "null");
        insert("DONE", "now()", "null");
        insert("RETRY", "now()", "null");
        jdbc.sql(
                        "update submission set changed_at = now() - interval '31 days' where id <> (select min(id) from submission)")
                .update();
        claims.clean();

        assertThat(jdbc.sql("select state from submission order by id")
                        .query(String.class)
                        .list())
                .containsExactly("DONE", "RETRY");
    }

    private static Job slow(Job job) {
        return new Job(job.key(), job.user(), SubmissionState.ACCEPTED, job.claim(), 0, false);
    }

    private void insert(String state, String due, String claimedUntil) {
        jdbc.sql("""
                        insert into submission (account_id, user_id, idempotency_key, request_hash, state, sender, message_id,
                               subject, recipients_to, message, bcc_field, due_at, give_up_at, claimed_until)
                        values (1, 1, gen_random_uuid()::text, '', ?, 'a@example.org', 'm@example.org', '', '[]', '', '',
                                %s, now() + interval '5 days', %s)
                        """.formatted(due, claimedUntil)).param(state).update();
    }
}
