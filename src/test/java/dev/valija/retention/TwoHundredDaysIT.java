package dev.valija.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.mailbox.MessageKey;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hundred days of a mailbox, with a rule of 30 days: mail comes, is moved, moved back, pinned, let go and brought back
 * by chance, by us and by other programs; the process is off now and then, and killed. After each day: nothing has gone
 * that was not announced a week before, nor before its time, nor pinned or moved; and what had to go has gone.
 */
class TwoHundredDaysIT extends RetentionCase {
    private static final Duration STAY = Duration.ofDays(30);
    /** A visit every twelve hours sees what other programs did; and the process was off for some days. */
    private static final Duration PATIENCE = DAY.multipliedBy(2).plus(GRACE);

    /** What the test knows of a message. */
    private static final class Known {
        Instant since;
        boolean isPinned;
        /** What the provider or the user did last: no earlier does its time of grace begin. */
        Instant touched;
    }

    private final Map<String, Known> inInbox = new HashMap<>();
    private final Set<String> elsewhere = new TreeSet<>();
    private final Map<String, Instant> announced = new HashMap<>();
    private int named;
    private int gone;

    /** {@code -Dseeds=20} for more. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("seeds", 1));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void exactlyTheRightOnesGo(long seed) {
        var chance = new Random(seed);
        store.createMailbox("Work");
        for (int i = 0; i < 30; i++) {
            arrives(Duration.ofDays(chance.nextInt(60)));
        }
        rule("INBOX", 30);
        for (int day = 0; day < 200; day++) {
            boolean isOff = day % 50 > 44;
            announce();
            clock.passes(DAY);
            if (!isOff) {
                work(chance);
            } else {
                inInbox.values().forEach(known -> known.touched = clock.instant());
            }
            settle(isOff || day % 50 < 2);
            for (int i = chance.nextInt(3); i > 0; i--) {
                arrives(Duration.ofHours(chance.nextInt(20)));
            }
            act(chance);
        }
        assertThat(gone).as("the run is of some use").isGreaterThan(100);
        assertThat(in("Work")).containsExactlyElementsOf(elsewhere);
    }

    private void work(Random chance) {
        if (chance.nextInt(10) == 0) {
            store.outlives(chance.nextBoolean() ? "move" : "fetch");
        }
        for (int i = 0; i < 4; i++) {
            try {
                alarmsGoOff();
            } catch (AssertionError killed) {
                assertThat(killed).hasMessage("killed");
                node.close();
                node = anotherNode();
                reads("INBOX");
            }
            clock.passes(VisitRows.LEASE.plusSeconds(1));
        }
        store.livesOn();
    }

    private void arrives(Duration ago) {
        var subject = "mail " + ++named;
        holds("INBOX", subject, ago);
        reads("INBOX");
        var known = new Known();
        known.since = clock.instant().minus(ago);
        known.touched = clock.instant();
        inInbox.put(subject, known);
    }

    private void announce() {
        var names = new HashMap<Long, String>();
        jdbc.sql("select id, subject from message where account_id = ?")
                .param(account)
                .query(rs -> {
                    names.put(rs.getLong(1), rs.getString(2));
                });
        for (var one : node.departures.foreseen(anna, account).first()) {
            announced.putIfAbsent(names.get(one.id()), clock.instant());
        }
    }

    private void settle(boolean isBeforeItsVisit) {
        var there = new HashSet<>(in("INBOX"));
        var trash = new HashSet<>(in("Trash"));
        for (var subject : List.copyOf(inInbox.keySet())) {
            var known = inInbox.get(subject);
            boolean isOver = !clock.instant().isBefore(known.since.plus(STAY));
            if (!there.contains(subject)) {
                assertThat(trash).as(subject).contains(subject);
                assertThat(known.isPinned).as(subject).isFalse();
                assertThat(isOver).as(subject).isTrue();
                assertThat(announced).as(subject).containsKey(subject);
                assertThat(announced.get(subject))
                        .as(subject)
                        .isBeforeOrEqualTo(clock.instant().minus(GRACE));
                inInbox.remove(subject);
                announced.remove(subject);
                gone++;
            } else if (!known.isPinned && !isBeforeItsVisit) {
                var latest = latest(known);
                assertThat(clock.instant())
                        .as(() -> subject + " " + known.since + " " + known.touched + " " + stay(subject))
                        .isBefore(latest);
            }
        }
    }

    private String stay(String subject) {
        return jdbc.sql("""
                        select row_to_json(s)::text || row_to_json(p)::text from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                          left join retention_stay s on s.account_id = m.account_id and s.message_id = m.id
                         where m.account_id = ? and m.subject = ?
                        """)
                .param(account)
                .param(subject)
                .query(String.class)
                .list()
                .toString();
    }

    /** No later than that it goes. */
    private static Instant latest(Known known) {
        var over = known.since.plus(STAY);
        var graced = known.touched.plus(GRACE);
        return (over.isAfter(graced) ? over : graced).plus(PATIENCE);
    }

    private void act(Random chance) {
        if (inInbox.isEmpty()) {
            return;
        }
        var some = new ArrayList<>(new TreeSet<>(inInbox.keySet()));
        var subject = some.get(chance.nextInt(some.size()));
        var known = inInbox.get(subject);
        switch (chance.nextInt(6)) {
            case 0 -> {
                moves(subject, "Work");
                elsewhere.add(subject);
                inInbox.remove(subject);
                announced.remove(subject);
            }
            case 1 -> {
                if (chance.nextBoolean()) {
                    marks(subject, Keyword.PINNED);
                } else {
                    anotherProgramPins(subject);
                }
                known.isPinned = true;
                announced.remove(subject);
            }
            case 2 -> {
                if (known.isPinned) {
                    unmarks(subject, Keyword.PINNED);
                    known.isPinned = false;
                    known.touched = clock.instant();
                }
            }
            case 3 -> {
                if (!elsewhere.isEmpty()) {
                    backFromWork(elsewhere.iterator().next());
                }
            }
            case 4 ->
                node.departures.departed(anna, account).stream().findFirst().ifPresent(one -> {
                    node.departures.bringBack(anna, Set.of(one.message().toString()));
                    returned(subject(one.message()));
                });
            default -> {
                // a quiet day
            }
        }
    }

    private void anotherProgramPins(String subject) {
        inInbox(subject).forEach(message -> store.marks("INBOX", message.id(), Keyword.PINNED));
    }

    private void backFromWork(String subject) {
        moves(subject, "INBOX");
        elsewhere.remove(subject);
        returned(subject);
    }

    private void returned(String subject) {
        var known = new Known();
        known.since = clock.instant();
        known.touched = clock.instant();
        known.isPinned = inInbox(subject).anyMatch(message -> message.keywords().contains(Keyword.PINNED));
        inInbox.put(subject, known);
        announced.remove(subject);
    }

    private Stream<RemoteMessage> inInbox(String subject) {
        return store.messages("INBOX").stream()
                .filter(message -> message.envelope().subject().equals(subject));
    }

    private String subject(MessageKey key) {
        return jdbc.sql("select subject from message where account_id = ? and id = ?")
                .param(account)
                .param(key.id())
                .query(String.class)
                .single();
    }
}
