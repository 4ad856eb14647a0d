package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.account.UserId;
import dev.valija.message.Address;
import dev.valija.message.MimeReader;
import dev.valija.submission.MortalWorker.Orders;
import dev.valija.submission.SubmissionRows.New;
import dev.valija.support.FreshDatabase;
import dev.valija.support.GreenMailServer;
import dev.valija.support.SmtpSink;
import dev.valija.support.SmtpSink.Step;
import dev.valija.support.TestCa;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The outbox, killed at each step of a send again and again: no mail is lost, none goes twice, and what may have gone is
 * told to be unknown and only that. {@code -Dkills=60} kills it sixty times at each step, a thousand times in all.
 */
class OutboxKillIT {
    static final String PASSWORD = GreenMailServer.PASSWORD;
    static final int ACCOUNTS = 4;

    private static final int KILLS = Integer.getInteger("kills", 1);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final FreshDatabase database = FreshDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    private final SubmissionRows rows = new SubmissionRows(jdbc, JsonMapper.shared());
    private final GreenMailServer imap = GreenMailServer.start();
    private final SmtpSink smtp = SmtpSink.start();
    private final List<String> deaths = new ArrayList<>();
    private volatile Process worker;

    @TempDir
    Path directory;

    static String address(long account) {
        return "writer" + account + "@example.org";
    }

    @BeforeEach
    void accounts() {
        jdbc.sql(
                        "insert into users (id, store_host, store_port, login_name) overriding system value values (1, 'h', 1, 'l')")
                .update();
        for (long id = 1; id <= ACCOUNTS; id++) {
            imap.login(id, address(id));
            jdbc.sql("""
                            insert into account (id, user_id, first, address, name, login_name, store_host, store_port,
                                   store_security, transport_host, transport_port, transport_security, master_key,
                                   data_key, password)
                            values (:id, 1, :id = 1, :address, 'a', :address, 'h', 1, 'TLS', 'h', 1, 'TLS', 'm', '', '')
                            """).param("id", id).param("address", address(id)).update();
        }
        jdbc.sql("create table history (account_id bigint, id bigint, state text)")
                .update();
        jdbc.sql("""
                create function remember() returns trigger language plpgsql as $$
                begin
                    if new.state <> old.state then
                        insert into history values (new.account_id, new.id, new.state);
                    end if;
                    return new;
                end $$
                """).update();
        jdbc.sql("create trigger remember after update on submission for each row execute function remember()")
                .update();
    }

    @AfterEach
    void stop() {
        if (worker != null) {
            worker.destroyForcibly();
        }
        smtp.close();
        imap.close();
    }

    @Test
    void nothingIsLostAndNothingGoesTwice() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            for (var state : List.of("talking", "gate", "accepted", "filed", "done")) {
                diesAt("BEFORE " + state);
                diesAt("AFTER " + state);
            }
            for (var step : Step.values()) {
                isKilledAt(step);
            }
        }
        smtp.onStep(step -> {});
        start("never");
        settle();
        check();
    }

    /** Itself, in the midst of a commit or right behind it. */
    private void diesAt(String death) throws Exception {
        write();
        start(death);
        hurryUntil(() -> !worker.isAlive());
        buried(death);
    }

    /** By us, when the server sees how far it has come. */
    private void isKilledAt(Step wanted) throws Exception {
        write();
        var once = new java.util.concurrent.atomic.AtomicBoolean();
        smtp.onStep(step -> {
            if (step == wanted && once.compareAndSet(false, true)) {
                worker.destroyForcibly().onExit().join();
            }
        });
        start("never");
        hurryUntil(() -> !worker.isAlive());
        smtp.onStep(step -> {});
        buried(wanted.name());
    }

    /** Two more of each account. */
    private void write() {
        for (long account = 1; account <= ACCOUNTS; account++) {
            for (int i = 0; i < 2; i++) {
                var id = UUID.randomUUID() + "@example.org";
                var mail = "Message-ID: <%s>\r\nFrom: %s\r\nTo: friend@example.org\r\nSubject: Hi\r\n\r\nHello\r\n"
                        .formatted(id, address(account));
                var letter = new Letter(
                        LetterKind.MESSAGE,
                        address(account),
                        List.of("friend@example.org"),
                        List.of(new Address(null, "friend@example.org")),
                        "Hi",
                        id,
                        mail.getBytes(StandardCharsets.US_ASCII),
                        List.of(),
                        "",
                        null,
                        null);
                var row = new New(
                        new UserId(1),
                        account,
                        new IdempotencyKey(id),
                        new byte[0],
                        letter,
                        SubmissionState.QUEUED,
                        Instant.now(),
                        null);
                assertThat(rows.insert(row)).isPresent();
            }
        }
    }

    private void start(String death) throws IOException {
        var orders = new Orders(
                database,
                smtp.settings().port(),
                imap.imaps().port(),
                TestCa.pem().toString(),
                death);
        var log = directory.resolve("worker.log");
        Files.deleteIfExists(log);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                MortalWorker.class.getName()));
        command.addAll(List.of(orders.arguments()));
        worker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** What waits for its time has it, as long as somebody may work on it. */
    private void hurryUntil(java.util.concurrent.Callable<Boolean> end) {
        await().dontCatchUncaughtExceptions() // GreenMail complains of whoever hangs up
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    jdbc.sql("update submission set due_at = now() where due_at > now() and claim is null")
                            .update();
                    return end.call();
                });
    }

    /** Its claims are over, as they would be in a minute. */
    private void buried(String death) throws IOException, InterruptedException {
        assertThat(worker.waitFor()).as("it was killed: %s", log()).isEqualTo(137);
        deaths.add(death);
        jdbc.sql(
                        "update submission set claimed_until = now() - interval '1 second', due_at = now() where claim is not null")
                .update();
    }

    private void settle() {
        hurryUntil(() -> jdbc.sql("select count(*) from submission where state not in ('DONE', 'UNKNOWN', 'REJECTED')")
                        .query(Integer.class)
                        .single()
                == 0);
    }

    private void check() throws MessagingException {
        var taken = counted(smtp.taken().stream()
                .map(one -> MimeReader.read(one.message()).envelope().messageId()));
        var filed = counted(sent());
        var states = new HashMap<String, Integer>();
        jdbc.sql("""
                        select s.message_id, s.state,
                               (select count(*) from history h
                                 where h.account_id = s.account_id and h.id = s.id and h.state = 'GATE') as gates
                          from submission s
                        """).query(rs -> {
            var id = rs.getString(1);
            var state = rs.getString(2);
            states.merge(state, 1, Integer::sum);
            long gone = taken.getOrDefault(id, 0L);
            if (state.equals("DONE")) {
                assertThat(gone).as("%s went", id).isEqualTo(1);
                assertThat(filed.getOrDefault(id, 0L)).as("copies of %s", id).isEqualTo(1);
            } else {
                assertThat(state).isEqualTo("UNKNOWN");
                assertThat(gone).as("%s may have gone, once", id).isLessThanOrEqualTo(1);
                assertThat(filed).doesNotContainKey(id);
            }
            assertThat(rs.getInt(3)).as("gates of %s", id).isEqualTo(1);
        });
        System.out.printf("killed %d times, messages by state: %s%n", deaths.size(), states);
        assertThat(states.get("UNKNOWN"))
                .as("each death strikes two at most of each account")
                .isLessThanOrEqualTo(deaths.size() * 2 * ACCOUNTS);
        assertThat(states.get("DONE")).isGreaterThan(deaths.size() * ACCOUNTS);
    }

    private Stream<String> sent() throws MessagingException {
        var ids = new ArrayList<String>();
        var manager = imap.greenMail().getManagers();
        for (long account = 1; account <= ACCOUNTS; account++) {
            var user = manager.getUserManager().getUserByEmail(address(account));
            var mailbox = manager.getImapHostManager().getFolder(user, "Sent");
            for (var one : mailbox.getNonDeletedMessages()) {
                ids.add(id(one.getMimeMessage()));
            }
        }
        return ids.stream();
    }

    private static String id(MimeMessage message) throws MessagingException {
        return message.getMessageID().replaceAll("[<>]", "");
    }

    private static Map<String, Long> counted(Stream<String> ids) {
        return ids.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("worker.log"));
    }
}
