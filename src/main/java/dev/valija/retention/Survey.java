package dev.valija.retention;

import dev.valija.mailbox.Residents;
import dev.valija.mailbox.Residents.Resident;
import dev.valija.retention.StayRows.Surveyed;
import dev.valija.upstream.MailboxRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Goes through a mailbox and writes down what is new in it, what is marked otherwise and what has left. */
@Component
class Survey {
    /** Who was not gone through for that long was not looked after. */
    static final Duration OVERLOOKED = Duration.ofDays(4);

    private static final Duration BETWEEN = Duration.ofHours(6);
    /** Messages in memory at a time. */
    private static final int STRETCH = 5_000;
    /** A server's clock need not be ours. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final Residents residents;
    private final StayRows rows;
    private final RetentionProperties properties;

    Survey(Residents residents, StayRows rows, RetentionProperties properties) {
        this.residents = residents;
        this.rows = rows;
        this.properties = properties;
    }

    /** A message as it is under a rule, and as it was when it was seen last. */
    record Seen(Resident resident, Stay stay, @Nullable Stay before) {}

    /** Whether the mailbox has not been gone through for a while, or never by this rule. */
    boolean isDue(Rule rule, Instant now) {
        return rows.surveyed(rule.mailbox().key())
                .filter(last -> last.rule().equals(rule.text()))
                .filter(last ->
                        !last.at().isAfter(now) && last.at().plus(BETWEEN).isAfter(now))
                .isEmpty();
    }

    /** Writes down what the index has in the mailbox now. It must be up to date. */
    void write(Rule rule, Instant now) {
        walk(rule, now, (seen, gone) -> {
            rows.write(
                    seen.stream()
                            .filter(one -> !one.stay().equals(one.before()))
                            .map(Seen::stay)
                            .toList(),
                    properties.grace());
            rows.delete(rule.mailbox().key(), gone);
        });
        rows.surveyed(rule.mailbox().key(), new Surveyed(now, rule.text()));
    }

    /** Shows what a rule would make of each message, and writes nothing. */
    void show(Rule rule, Instant now, Consumer<Seen> eye) {
        walk(rule, now, (seen, gone) -> seen.forEach(eye));
    }

    /** Is told what is in a stretch of the mailbox, and what was there and is no more. */
    private interface Stretch {
        void seen(Collection<Seen> seen, Set<Long> gone);
    }

    private void walk(Rule rule, Instant now, Stretch work) {
        var mailbox = rule.mailbox().key();
        var surveyedAt = rows.surveyed(mailbox).map(Surveyed::at).orElse(null);
        boolean isComplete = false;
        for (long from = 0; !isComplete; ) {
            var there = residents.after(mailbox, from, STRETCH);
            isComplete = there.size() < STRETCH;
            long to = isComplete ? Long.MAX_VALUE : there.getLast().id();
            var before = rows.between(mailbox, from, to);
            var seen = new ArrayList<Seen>();
            for (var resident : there) {
                var known = before.get(resident.id());
                seen.add(new Seen(resident, stay(rule, resident, known, surveyedAt, now), known));
            }
            work.seen(seen, gone(before, there));
            from = to;
        }
    }

    private static Set<Long> gone(Map<Long, Stay> before, Collection<Resident> there) {
        var gone = new HashSet<>(before.keySet());
        there.forEach(resident -> gone.remove(resident.id()));
        return gone;
    }

    private Stay stay(Rule rule, Resident resident, @Nullable Stay known, @Nullable Instant surveyedAt, Instant now) {
        int days = rule.afterDays() == null ? Rule.MOST_DAYS : rule.afterDays();
        boolean kept = rule.keeps(resident.keywords());
        if (known == null) {
            return new Stay(
                    resident.id(),
                    rule.mailbox().key(),
                    since(rule, resident, surveyedAt, now),
                    days,
                    now,
                    rule.isForEver(),
                    kept);
        }
        boolean lookedAfter = surveyedAt != null && surveyedAt.plus(OVERLOOKED).isAfter(now);
        return known.again(days, rule.isForEver(), kept, now, lookedAfter, properties.grace());
    }

    /**
     * Since when a message is in the mailbox that was not seen there before. INBOX is where mail is received; what is older
     * there than the last look has been moved into it, and begins anew.
     */
    private static Instant since(Rule rule, Resident resident, @Nullable Instant surveyedAt, Instant now) {
        boolean isReceived = rule.mailbox().role() == MailboxRole.INBOX
                && (surveyedAt == null || resident.receivedAt().isAfter(surveyedAt.minus(CLOCKS_DIFFER)));
        return isReceived && resident.receivedAt().isBefore(now) ? resident.receivedAt() : now;
    }
}
