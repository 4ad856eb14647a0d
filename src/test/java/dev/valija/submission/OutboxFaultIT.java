package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.FreshDatabase;
import dev.valija.support.SmtpSink.Answer;
import dev.valija.support.SmtpSink.Gone;
import dev.valija.support.SmtpSink.Step;
import dev.valija.support.TestUpstream;
import jakarta.mail.MessagingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The outbox with a server or a database that fails at each step of a send: no mail is lost, none goes twice, and what
 * may have gone, and only that, is told to be unknown. {@code -Drounds=20} has each fault that often at each step, and
 * not only once at those that matter most.
 */
class OutboxFaultIT extends OutboxCase {
    private static final int ROUNDS = Integer.getInteger("rounds", 0);
    private static final Set<Step> MATTER_MOST = EnumSet.of(Step.FINAL_DOT, Step.TAKEN);
    private static final Set<Step> COMMANDS = EnumSet.of(Step.MAIL, Step.RCPT, Step.DATA, Step.FINAL_DOT);
    /** A short message is with the server, and the gate passed, before the server has read its first line. */
    private static final Set<Step> BEHIND_THE_GATE = EnumSet.of(Step.IN_DATA, Step.FINAL_DOT, Step.TAKEN, Step.REPLIED);

    /** What goes wrong, once a step has come. */
    enum Fault {
        /** The server hangs up. */
        RESET,
        /** The server says nothing any more. */
        BLACK_HOLE,
        /** The server says it an octet at a time. */
        DRIBBLE,
        /** The server does not want it now. */
        TEMPORARY,
        /** The server does not want it ever. */
        PERMANENT,
        /** The database stops, and starts again later. */
        DATABASE;

        /** Whether something may be taken of which we are not told. */
        boolean hides() {
            return this == RESET || this == BLACK_HOLE || this == DATABASE;
        }

        Set<Step> steps() {
            var steps = EnumSet.allOf(Step.class);
            if (this == TEMPORARY || this == PERMANENT) {
                steps.retainAll(COMMANDS);
            }
            if (ROUNDS == 0) {
                steps.retainAll(MATTER_MOST);
            }
            return steps;
        }
    }

    private final TestUpstream upstream = new TestUpstream("read-timeout", "2s");
    private final Flaky source = new Flaky(database);
    private Outbox outbox = begin();

    @AfterEach
    void stop() {
        outbox.stop();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostAndNothingGoesTwice(Fault fault) throws Exception {
        for (int i = 0; i < Math.max(1, ROUNDS); i++) {
            for (var step : fault.steps()) {
                var before = fates().keySet();
                strike(fault, step);
                var fates = fates();
                fates.keySet().removeAll(before);
                check(fault, step, fates);
            }
        }
    }

    /** Strikes one session at that step, and has everything come to its end. */
    private void strike(Fault fault, Step wanted) throws Exception {
        var once = new AtomicBoolean();
        var struck = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        smtp.onStep(step -> {
            if (step == wanted && once.compareAndSet(false, true)) {
                happens(fault, struck, over);
            }
        });
        write();
        outbox.wake();
        assertThat(struck.await(1, TimeUnit.MINUTES))
                .as("%s at %s", fault, wanted)
                .isTrue();
        switch (fault) {
            case BLACK_HOLE -> {
                // For the reply to the final dot one waits five minutes (RFC 5321 4.5.3.2.6): all but that one go on.
                hurryUntil(() -> open() <= 1);
                over.countDown();
            }
            case DATABASE -> {
                await().atMost(Duration.ofMinutes(1)).until(() -> source.refused.get() > 3);
                database.comesBack();
                outbox.stop(); // who has work insists for a while, and leaves it then
                outbox = begin();
                jdbc.sql("update submission set claimed_until = now(), due_at = now() where claim is not null")
                        .update();
            }
            default -> {}
        }
        settle();
        smtp.behaves();
    }

    private void happens(Fault fault, CountDownLatch struck, CountDownLatch over) {
        if (fault == Fault.DATABASE) {
            source.refused.set(0);
            database.goesDown();
        }
        struck.countDown();
        switch (fault) {
            case RESET -> throw new Gone();
            case BLACK_HOLE -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new Gone();
            }
            case DRIBBLE -> smtp.dribbles(Duration.ofMillis(20));
            case TEMPORARY -> throw new Answer(451, "4.3.0 later");
            case PERMANENT -> throw new Answer(550, "5.7.1 never");
            case DATABASE -> {}
        }
    }

    private int open() {
        return jdbc.sql("select count(*) from submission where state not in ('DONE', 'UNKNOWN', 'REJECTED')")
                .query(Integer.class)
                .single();
    }

    private void check(Fault fault, Step step, Map<String, Fate> fates) throws MessagingException {
        var states = new EnumMap<SubmissionState, Integer>(SubmissionState.class);
        // Of the others that are on their way when the database goes, each may be anywhere.
        boolean hidden = fault == Fault.DATABASE || fault.hides() && BEHIND_THE_GATE.contains(step);
        fates.forEach((id, fate) -> {
            states.merge(fate.state(), 1, Integer::sum);
            var what = "%s of %s at %s".formatted(id, fault, step);
            switch (fate.state()) {
                case DONE -> {
                    assertThat(fate.taken()).as(what).isEqualTo(1);
                    assertThat(fate.filed()).as(what).isEqualTo(1);
                }
                case UNKNOWN -> {
                    assertThat(hidden).as(what).isTrue();
                    assertThat(fate.taken()).as(what).isLessThanOrEqualTo(1);
                    assertThat(fate.filed()).as(what).isZero();
                }
                case REJECTED -> {
                    assertThat(fault).as(what).isEqualTo(Fault.PERMANENT);
                    assertThat(fate.taken()).as(what).isZero();
                    assertThat(fate.filed()).as(what).isZero();
                }
                default -> throw new AssertionError(what + " is " + fate.state());
            }
            // Only an answer opens the gate again.
            assertThat(fate.gates()).as(what).isLessThanOrEqualTo(fault == Fault.TEMPORARY ? 2 : 1);
        });
        System.out.printf("%s at %s: %s%n", fault, step, states);
        assertThat(fates).hasSize(2 * ACCOUNTS);
        assertThat(states.getOrDefault(SubmissionState.REJECTED, 0)).isEqualTo(fault == Fault.PERMANENT ? 1 : 0);
        if ((fault == Fault.RESET || fault == Fault.BLACK_HOLE) && step != Step.IN_DATA) {
            boolean lost = step == Step.FINAL_DOT || step == Step.TAKEN;
            assertThat(states.getOrDefault(SubmissionState.UNKNOWN, 0)).isEqualTo(lost ? 1 : 0);
        }
    }

    private Outbox begin() {
        var begun = MortalWorker.outbox(
                database, source, ACCOUNTS, upstream.upstream(), imap.imaps(), smtp.settings(), state -> {});
        begun.start();
        return begun;
    }

    /** Tells how often it could not be reached. */
    private static final class Flaky extends DelegatingDataSource {
        final AtomicInteger refused = new AtomicInteger();

        Flaky(FreshDatabase database) {
            super(database.dataSource());
        }

        @Override
        public Connection getConnection() throws SQLException {
            try {
                return super.getConnection();
            } catch (SQLException e) {
                refused.incrementAndGet();
                throw e;
            }
        }
    }
}
