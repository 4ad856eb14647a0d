package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.store.StoredMessage;
import dev.valija.account.UserId;
import dev.valija.message.Address;
import dev.valija.message.MimeReader;
import dev.valija.submission.SubmissionRows.New;
import dev.valija.support.FreshDatabase;
import dev.valija.support.GreenMailServer;
import dev.valija.support.SmtpSink;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Some accounts whose mail is to be sent while things go wrong, and what came of each in the end. */
abstract class OutboxCase {
    static final String PASSWORD = GreenMailServer.PASSWORD;
    static final int ACCOUNTS = 4;

    final FreshDatabase database = FreshDatabase.migrated();
    final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    final GreenMailServer imap = GreenMailServer.start();
    final SmtpSink smtp = SmtpSink.start();
    private final SubmissionRows rows = new SubmissionRows(jdbc, JsonMapper.shared());

    /** What became of a message: how often it was taken, filed, and said to be about to be taken. */
    record Fate(SubmissionState state, long taken, long filed, int gates) {}

    /** How long all may take. */
    Duration patience() {
        return Duration.ofMinutes(3);
    }

    int accounts() {
        return ACCOUNTS;
    }

    static String address(long account) {
        return "writer" + account + "@example.org";
    }

    @BeforeEach
    void openAccounts() {
        jdbc.sql(
                        "insert into users (id, store_host, store_port, login_name) overriding system value values (1, 'h', 1, 'l')")
                .update();
        for (long id = 1; id <= accounts(); id++) {
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
    void stopServers() {
        smtp.close();
        imap.close();
    }

    /** Two more of each account. */
    void write() {
        for (long account = 1; account <= accounts(); account++) {
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

    /** What waits for its time has it, as long as somebody may work on it. */
    void hurryUntil(Callable<Boolean> end) {
        await().dontCatchUncaughtExceptions() // GreenMail complains of whoever hangs up
                .atMost(patience())
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    jdbc.sql("update submission set due_at = now() where due_at > now() and claim is null")
                            .update();
                    return end.call();
                });
    }

    /** Until all has come to an end. */
    void settle() {
        hurryUntil(() -> jdbc.sql("select count(*) from submission where state not in ('DONE', 'UNKNOWN', 'REJECTED')")
                        .query(Integer.class)
                        .single()
                == 0);
    }

    /** By Message-ID. */
    Map<String, Fate> fates() throws MessagingException {
        var taken = counted(smtp.taken().stream()
                .map(one -> MimeReader.read(one.message()).envelope().messageId()));
        var filed = counted(sent());
        var fates = new HashMap<String, Fate>();
        jdbc.sql("""
                        select s.message_id, s.state,
                               (select count(*) from history h
                                 where h.account_id = s.account_id and h.id = s.id and h.state = 'GATE') as gates
                          from submission s
                        """).query(rs -> {
            var id = rs.getString(1);
            fates.put(
                    id,
                    new Fate(
                            SubmissionState.valueOf(rs.getString(2)),
                            taken.getOrDefault(id, 0L),
                            filed.getOrDefault(id, 0L),
                            rs.getInt(3)));
        });
        return fates;
    }

    private Stream<String> sent() throws MessagingException {
        var ids = new ArrayList<String>();
        var manager = imap.greenMail().getManagers();
        for (long account = 1; account <= accounts(); account++) {
            var user = manager.getUserManager().getUserByEmail(address(account));
            var mailbox = manager.getImapHostManager().getFolder(user, "Sent");
            for (var one : mailbox == null ? List.<StoredMessage>of() : mailbox.getNonDeletedMessages()) {
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
}
