package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.submission.MortalWorker.Orders;
import dev.valija.support.SmtpSink.Step;
import dev.valija.support.TestCa;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The outbox, killed at each step of a send again and again: no mail is lost, none goes twice, and what may have gone is
 * told to be unknown and only that. {@code -Dkills=60} kills it sixty times at each step, a thousand times in all.
 */
@Execution(ExecutionMode.SAME_THREAD)
class OutboxKillIT extends OutboxCase {
    private static final int KILLS = Integer.getInteger("kills", 1);

    private final List<String> deaths = new ArrayList<>();
    private volatile Process worker;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        if (worker != null) {
            worker.destroyForcibly();
        }
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

    /** Its claims are over, as they would be in a minute. */
    private void buried(String death) throws IOException, InterruptedException {
        assertThat(worker.waitFor()).as("it was killed: %s", log()).isEqualTo(137);
        deaths.add(death);
        jdbc.sql(
                        "update submission set claimed_until = now() - interval '1 second', due_at = now() where claim is not null")
                .update();
    }

    private void check() throws MessagingException {
        var states = new EnumMap<SubmissionState, Integer>(SubmissionState.class);
        fates().forEach((id, fate) -> {
            states.merge(fate.state(), 1, Integer::sum);
            if (fate.state() == SubmissionState.DONE) {
                assertThat(fate.taken()).as("%s went", id).isEqualTo(1);
                assertThat(fate.filed()).as("copies of %s", id).isEqualTo(1);
            } else {
                assertThat(fate.state()).isEqualTo(SubmissionState.UNKNOWN);
                assertThat(fate.taken()).as("%s may have gone, once", id).isLessThanOrEqualTo(1);
                assertThat(fate.filed()).as("copies of %s", id).isZero();
            }
            assertThat(fate.gates()).as("gates of %s", id).isEqualTo(1);
        });
        System.out.printf("killed %d times, messages by state: %s%n", deaths.size(), states);
        assertThat(states.getOrDefault(SubmissionState.UNKNOWN, 0))
                .as("each death strikes two at most of each account")
                .isLessThanOrEqualTo(deaths.size() * 2 * ACCOUNTS);
        assertThat(states.get(SubmissionState.DONE)).isGreaterThan(deaths.size() * ACCOUNTS);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("worker.log"));
    }
}
