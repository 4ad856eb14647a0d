package dev.valija.collection;

import dev.valija.collection.MailCollection.Outcome;
import dev.valija.collection.MailCollection.Side;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/** Collects what is due, a session at a time. */
@Service
class Collecting {
    private static final Logger log = LoggerFactory.getLogger(Collecting.class);
    /** Each has a list of messages in memory and one of them on disk, and waits for a server of anybody's choice. */
    private static final int AT_ONCE = 8;

    private static final Duration NO_ROOM = Duration.ofSeconds(20);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMinutes(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 6;
    /** It may have been the server's mistake; once only, since providers lock accounts for less than a storm. */
    private static final Duration SECOND_TRY = Duration.ofMinutes(5);

    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Set<Long> busy = ConcurrentHashMap.newKeySet();
    private final Upstream upstream;
    private final Passwords passwords;
    private final CollectionRows rows;
    private final Ledger ledger;
    private final TargetMailbox target;
    private final Session.Tools tools;
    private final Clock clock;

    @Autowired
    Collecting(
            Upstream upstream,
            Passwords passwords,
            CollectionRows rows,
            Ledger ledger,
            Planner planner,
            TargetMailbox target,
            Spools spools) {
        this(upstream, passwords, new Session.Tools(rows, ledger, planner, target, spools, Clock.systemUTC()));
    }

    Collecting(Upstream upstream, Passwords passwords, Session.Tools tools) {
        this.upstream = upstream;
        this.passwords = passwords;
        this.rows = tools.rows();
        this.ledger = tools.ledger();
        this.target = tools.target();
        this.tools = tools;
        this.clock = tools.clock();
    }

    /** Does all that is due for an account. */
    void work(long accountId) {
        if (!rows.isDue(accountId, now())) {
            return;
        }
        // One at a time for an account, so that nobody fills the room.
        if (!busy.add(accountId)) {
            rows.later(accountId, now().plus(NO_ROOM));
            return;
        }
        try {
            workInTheRoom(accountId);
        } finally {
            busy.remove(accountId);
        }
    }

    private void workInTheRoom(long accountId) {
        if (!room.tryAcquire()) {
            rows.later(accountId, now().plus(NO_ROOM));
            return;
        }
        try {
            // One session, and then it is others' turn; whatever is due has an alarm of its own.
            rows.take(accountId, now()).ifPresent(this::collect);
        } finally {
            room.release();
        }
    }

    private void collect(MailCollection mine) {
        try {
            var source = mine.source();
            var login = new MaildropLogin(
                    source.server(),
                    new Credentials(
                            source.loginName(), passwords.open(mine.key().user(), source.password())));
            var mailbox = target.resolve(mine);
            boolean more = upstream.withMaildrop(login, maildrop -> {
                var session = new Session(mine, maildrop, mailbox, tools);
                try {
                    return session.run();
                } finally {
                    if (session.stored() > 0) {
                        target.changed(session.mailbox());
                    }
                }
            });
            rows.end(mine, new Outcome(now(), null, null), !more, more ? soon(mine) : next(mine));
        } catch (Overtaken e) {
            log.info("collection {} was changed meanwhile", mine.key().id());
        } catch (TargetFailure e) {
            failed(mine, e.why(), Side.TARGET);
        } catch (ProblemException e) {
            failed(mine, e, Side.SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException("no message can be kept on its way", e);
        }
    }

    private void failed(MailCollection mine, ProblemException why, Side at) {
        log.info("collection {} waits: {} ({})", mine.key().id(), why.problem(), at);
        boolean rejected = at == Side.SOURCE && why.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
        var before = mine.outcome();
        boolean again = before != null
                && before.at() == Side.SOURCE
                && before.problem() == Problem.ACCOUNT_CREDENTIALS_REJECTED;
        boolean forGood = rejected && again;
        try {
            rows.fail(
                    mine,
                    new Outcome(now(), why.problem(), at),
                    forGood,
                    forGood || mine.policy().paused() ? null : now().plus(rejected ? SECOND_TRY : wait(mine, why)));
        } catch (Overtaken e) {
            log.info("collection {} was changed meanwhile", mine.key().id());
        }
    }

    private static Duration wait(MailCollection mine, ProblemException why) {
        var backoff = SHORTEST_BACKOFF.multipliedBy(1L << Math.min(mine.tries(), MOST_DOUBLINGS));
        var shorter = backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF;
        var wanted = why.retryAfter().orElse(Duration.ZERO);
        return wanted.compareTo(shorter) > 0 ? wanted : shorter;
    }

    /** As soon as another session may begin. */
    private Instant soon(MailCollection mine) {
        var begun = mine.begunAt();
        var earliest = begun == null ? now() : begun.plus(CollectionRows.SPACING);
        return earliest.isAfter(now()) ? earliest : now();
    }

    /** After the interval; sooner where something that could not be stored may be by then. */
    private @Nullable Instant next(MailCollection mine) {
        if (mine.policy().paused()) {
            return null;
        }
        var regular = now().plus(mine.policy().interval());
        return ledger.nextTry(mine, now())
                .filter(regular::isAfter)
                .map(sooner -> sooner.isAfter(soon(mine)) ? sooner : soon(mine))
                .orElse(regular);
    }

    private Instant now() {
        return clock.instant();
    }
}
