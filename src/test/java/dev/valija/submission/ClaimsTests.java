package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.submission.Claims.Job;
import dev.valija.support.FreshDatabase;
import dev.valija.upload.TestUploads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Several nodes on one outbox. */
class ClaimsTests {
    private static final DataSource DATABASE = FreshDatabase.migrated().dataSource();

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);
    private final List<Object> told = new ArrayList<>();
    private final ApplicationEventPublisher events = event -> {
        synchronized (told) {
            told.add(event);
        }
    };
    private final Claims claims = new Claims(
            jdbc,
            new SentDrafts(new DraftRows(jdbc, JsonMapper.shared()), TestUploads.holds(jdbc), events),
            new TransactionTemplate(new DataSourceTransactionManager(DATABASE)),
            events);

    @BeforeEach
    void accounts() {
        jdbc.sql("delete from users").update();
        jdbc.sql(
                        "insert into users (id, store_host, store_port, login_name) overriding system value values (1, 'h', 1, 'l')")
                .update();
        jdbc.sql("""
                insert into account (id, user_id, first, address, name, login_name, store_host, store_port, store_security,
                       transport_host, transport_port, transport_security, master_key, data_key, password)
                select n, 1, n = 1, n || '@example.org', 'a', n::text, 'h', 1, 'TLS', 'h', 1, 'TLS', 'm', '', ''
                  from generate_series(1, 100) n
                """).update();
    }

    @Test
    void eachSubmissionIsTakenByOneNode() throws Exception {
        for (int i = 0; i < 200; i++) {
            insert(i / 2 + 1, "QUEUED", "now()", "null");
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
    void noAccountKeepsTheOthersWaiting() {
        for (int i = 0; i < 50; i++) {
            insert(1, "QUEUED", "now() - interval '1 hour'", "null");
        }
        insert(2, "QUEUED", "now()", "null");
        var taken = claims.take(7);
        assertThat(taken).extracting(job -> job.key().accountId()).containsExactlyInAnyOrder(1L, 1L, 2L);
        assertThat(claims.take(7)).isEmpty();
        assertThat(claims.untilNextDue(5000))
                .as("nothing to be done till one ends")
                .isEqualTo(5000);

        var first = taken.stream()
                .filter(job -> job.key().accountId() == 1)
                .findFirst()
                .orElseThrow();
        claims.end(first, SubmissionState.REJECTED, () -> {});
        assertThat(claims.untilNextDue(5000)).isZero();
        assertThat(claims.take(7)).hasSize(1);
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
        insert(1, state, due, claimedUntil);
    }

    private void insert(int account, String state, String due, String claimedUntil) {
        jdbc.sql("""
                        insert into submission (account_id, user_id, idempotency_key, request_hash, state, sender, message_id,
                               subject, recipients_to, message, bcc_field, due_at, give_up_at, claimed_until)
                        values (?, 1, gen_random_uuid()::text, '', ?, 'a@example.org', 'm@example.org', '', '[]', '', '',
                                %s, now() + interval '5 days', %s)
                        """.formatted(due, claimedUntil)).param(account).param(state).update();
    }
}
