package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.DraftContent.Person;
import dev.valija.support.CuttingProxy;
import dev.valija.support.DovecotServer;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.RawImap;
import dev.valija.support.TestCa;
import dev.valija.upload.TestUploads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two tabs and two devices write on the same drafts, while those that copy them to Dovecot are killed and their lines
 * break, and another program has drafts there of its own. No revision that was acknowledged is lost and none is written
 * over unseen; at rest there is one copy of each draft, and nobody else's message was touched.
 *
 * <p>{@code -Dautosaves=10000 -Dkills=50} for more.
 */
class DraftMirrorIT {
    static final String ADDRESS = "anna@example.org";

    private static final int AUTOSAVES = Integer.getInteger("autosaves", 150);
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int DRAFTS = 5;
    /** So that they last about as long as the killing. */
    private static final int SAVES_A_TICK = Math.max(1, AUTOSAVES / (KILLS * 60));

    private static final UserId ANNA = new UserId(1);
    private static final Pattern SUBJECT = Pattern.compile("(?i)Subject: (.+?)\\r\\n");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?i)Message-ID: (\\S+)");

    private final FreshDatabase database = FreshDatabase.migrated();
    private final DataSource source = database.dataSource();
    private final JdbcClient jdbc = JdbcClient.create(source);
    private final Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger saves = new AtomicInteger();
    private final Semaphore turns = new Semaphore(1);
    private final List<Process> nodes = new ArrayList<>();
    private DovecotServer dovecot;
    private CuttingProxy line;
    private DraftRows rows;
    private Drafts drafts;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        dovecot = DovecotServer.start();
        line = new CuttingProxy(dovecot.imaps(), 7);
        jdbc.sql(
                        "insert into users (id, store_host, store_port, login_name) overriding system value values (1, 'h', 1, 'l')")
                .update();
        jdbc.sql("""
                        insert into account (id, user_id, first, address, name, login_name, store_host, store_port,
                               store_security, transport_host, transport_port, transport_security, master_key,
                               data_key, password)
                        values (1, 1, true, ?, 'a', 'a', 'h', 1, 'TLS', 'h', 1, 'TLS', 'm', '', '')
                        """).param(ADDRESS).update();
        // What was ever kept, so that nothing can be written over without a trace.
        jdbc.sql("create table history (draft_id bigint, revision int, subject text)")
                .update();
        jdbc.sql("""
                create function remember() returns trigger language plpgsql as $$
                begin
                    insert into history values (new.id, new.revision, new.content->>'subject');
                    return new;
                end $$
                """).update();
        jdbc.sql("create trigger remember after insert or update on draft for each row execute function remember()")
                .update();
        var upstream = new FakeUpstream();
        upstream.user(ADDRESS, "x");
        var accounts = new FakeAccounts(upstream);
        accounts.add(ANNA, 1, ADDRESS);
        var behind = new DraftsBehind(jdbc, new DraftProperties(MortalMirror.PAUSE));
        rows = new DraftRows(jdbc, JsonMapper.shared());
        drafts = new Drafts(
                accounts,
                rows,
                new DraftCopies(
                        jdbc, TestMailboxes.of(database, upstream, accounts).places()),
                TestUploads.holds(jdbc),
                new ServerLimits(accounts, upstream),
                new TransactionTemplate(new JdbcTransactionManager(source)),
                event -> behind.changed((DraftChanged) event),
                JsonMapper.shared());
    }

    @AfterEach
    void stop() {
        nodes.forEach(Process::destroyForcibly);
        if (line != null) {
            line.close();
        }
        if (dovecot != null) {
            dovecot.close();
        }
    }

    @Test
    void nothingIsLostAndThereIsOneCopyOfEach() throws Exception {
        var ended = new AtomicBoolean();
        var theirs = new TreeMap<String, Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                var writer = new Random(i);
                String name = "writer" + i;
                writers.add(threads.submit(() -> writes(name, writer)));
            }
            var other = threads.submit(() -> anotherProgram(ended, theirs));
            for (int i = 0; i < KILLS || !writers.stream().allMatch(Future::isDone); i++) {
                startNodes();
                int before = copies();
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> {
                            turns.release(SAVES_A_TICK);
                            hurry();
                            return copies() > before + 3 || behind() == 0;
                        });
                killNodes();
            }
            for (var writer : writers) {
                writer.get();
            }
            ended.set(true);
            other.get();
        }
        line.calm();
        startNodes();
        comesToRest();
        check(theirs);
    }

    private Object writes(String name, Random random) {
        int mine = 0;
        while (saves.incrementAndGet() <= AUTOSAVES) {
            turns.acquireUninterruptibly();
            save(name + "-" + ++mine, random);
        }
        return name;
    }

    /** One autosave, to a draft as this writer last saw it: another may have been faster. */
    private void save(String text, Random random) {
        var there = drafts.list(ANNA);
        try {
            if (there.size() < DRAFTS) {
                drafts.create(ANNA, new IdempotencyKey(text), content(text));
            } else {
                var draft = there.get(random.nextInt(there.size()));
                var key = DraftKey.parse(ANNA, draft.id());
                if (random.nextInt(there.size() > 3 * DRAFTS ? 2 : 20) == 0) {
                    drafts.delete(key, draft.revision());
                    return;
                }
                drafts.change(key, draft.revision(), content(text));
            }
        } catch (ProblemException e) {
            if (e.problem() == Problem.NOT_FOUND) {
                return; // thrown away meanwhile, and this text with it: nobody has said it was kept
            }
            assertThat(e.problem()).isEqualTo(Problem.CONFLICT);
            if (e.fields().get("Location") == null) {
                return; // it was to be thrown away
            }
        }
        acknowledged.put(text, true);
    }

    private static DraftContent content(String subject) {
        var me = new Person(null, ADDRESS);
        return new DraftContent(
                "1", me, null, null, List.of(me), null, subject, null, "<p>" + subject, null, null, null, null);
    }

    /** Has drafts of its own, marks ours, and makes others of them that keep their Message-ID. */
    private Object anotherProgram(AtomicBoolean ended, Map<String, Integer> theirs) {
        var random = new Random(99);
        try (var imap = new RawImap(dovecot.imaps(), ADDRESS, DovecotServer.PASSWORD)) {
            imap.attempt("CREATE Drafts");
            for (int i = 0; !ended.get() && i < 40; i++) {
                String subject = "theirs " + i;
                String messageId = "<theirs-" + i + "@example.org>";
                var ours = header(imap);
                if (ours != null && random.nextBoolean()) {
                    messageId = ours;
                    imap.attempt("STORE 1:* +FLAGS.SILENT (\\Flagged)");
                }
                var mail = "Subject: %s\r\nMessage-ID: %s\r\nFrom: x@example.org\r\n\r\nTheirs\r\n"
                        .formatted(subject, messageId);
                assertThat(imap.append(
                                        "Drafts",
                                        "\\Draft",
                                        "01-Jan-2026 00:00:00 +0000",
                                        mail.getBytes(StandardCharsets.US_ASCII))
                                .ok())
                        .isTrue();
                theirs.put(subject, 1);
                int seen = copies();
                await().atMost(Duration.ofMinutes(3)).until(() -> ended.get() || copies() > seen);
            }
        }
        return theirs;
    }

    private static String header(RawImap imap) {
        var all = messages(imap);
        for (var one : all) {
            var subject = SUBJECT.matcher(one);
            var id = MESSAGE_ID.matcher(one);
            if (subject.find() && subject.group(1).startsWith("writer") && id.find()) {
                return id.group(1);
            }
        }
        return null;
    }

    private static List<String> messages(RawImap imap) {
        imap.run("SELECT Drafts");
        return imap.attempt("FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT MESSAGE-ID)])")
                .untagged();
    }

    private int copies() {
        return jdbc.sql("select coalesce(max(id), 0) from draft_copy where remote_id is not null")
                .query(Integer.class)
                .single();
    }

    private int behind() {
        return jdbc.sql("select count(*) from draft_behind")
                .query(Integer.class)
                .single();
    }

    /** What waits for its time after a failure has it. */
    private void hurry() {
        jdbc.sql("update draft_behind set due_at = now() where claim is null and due_at > now() + interval '1 second'")
                .update();
    }

    private void startNodes() throws IOException {
        for (int i = 0; i < 2; i++) {
            nodes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:-UsePerfData",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MortalMirror.class.getName(),
                            database.url(),
                            database.username(),
                            database.password(),
                            "" + line.settings().port(),
                            TestCa.pem().toString(),
                            DovecotServer.PASSWORD)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("node-" + i + ".log").toFile())
                    .start());
        }
    }

    /** Their claims are over, as they would be in some minutes. */
    private void killNodes() {
        nodes.forEach(node -> node.destroyForcibly().onExit().join());
        nodes.clear();
        jdbc.sql("update draft_behind set claimed_until = now() where claim is not null")
                .update();
    }

    /** What waits for its time has it, and what may be on its way has had the time to come. */
    private void comesToRest() {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    hurry();
                    jdbc.sql("update draft_copy set made_at = now() - interval '11 minutes'"
                                    + " where made_at < now() - interval '20 seconds'")
                            .update();
                    return behind() == 0;
                });
    }

    private void check(Map<String, Integer> theirs) throws IOException {
        var kept = jdbc.sql("select subject from history").query(String.class).list();
        assertThat(kept).as("what was acknowledged").containsAll(acknowledged.keySet());
        assertThat(jdbc.sql("""
                        select count(*) from (select draft_id, count(*) as n, max(revision) as last from history
                         group by draft_id) h where n <> last
                        """).query(Integer.class).single())
                .as("drafts with a revision that was written over")
                .isZero();
        var found = new TreeMap<String, Integer>();
        try (var imap = new RawImap(dovecot.imaps(), ADDRESS, DovecotServer.PASSWORD)) {
            for (var one : messages(imap)) {
                var subject = SUBJECT.matcher(one);
                if (subject.find()) {
                    found.merge(subject.group(1), 1, Integer::sum);
                }
            }
        }
        var expected = new TreeMap<>(theirs);
        for (var draft : drafts.list(ANNA)) {
            expected.put(draft.subject(), 1);
        }
        System.out.printf(
                "%d autosaves acknowledged, %d drafts, %d messages of another program, %d copies made%n",
                acknowledged.size(), expected.size() - theirs.size(), theirs.size(), copies());
        assertThat(found).as("the Drafts mailbox; the nodes: %s", log()).isEqualTo(expected);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("node-0.log")) + Files.readString(directory.resolve("node-1.log"));
    }
}
