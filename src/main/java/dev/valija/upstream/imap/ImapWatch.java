package dev.valija.upstream.imap;

import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream.Watch;
import dev.valija.upstream.Upstream.Watcher;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches an account on a connection of its own: IDLE for the one mailbox, NOTIFY (RFC 5465) for the others or a look
 * at them now and then, NOOP where there is not even IDLE.
 */
final class ImapWatch implements Watch {
    private static final Logger LOG = LoggerFactory.getLogger(ImapWatch.class);
    /** RFC 2177 wants less than 29 minutes; gateways forget a silent connection after ten or so. */
    private static final Duration LONGEST_IDLE = Duration.ofMinutes(9);

    private static final Duration NOOP_PAUSE = Duration.ofSeconds(20);
    private static final Duration STABLE = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_REJECTIONS = 2;
    /** So many pieces of news in such a stretch are passed on, and then it is over before there are more. */
    private static final int MOST_NEWS = 300;

    private static final Duration STRETCH = Duration.ofSeconds(10);
    private static final int LONGEST_NAME = 1000;

    private final ImapPool pool;
    private final ServerLogin login;
    private final String mailbox;
    private final Watcher watcher;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ImapSession session;

    /** Whether the server tells of all mailboxes by itself. */
    private boolean notified;

    private final Set<String> changed = new LinkedHashSet<>();
    private boolean listChanged;
    private boolean grown;
    private long stretch = System.nanoTime();
    private int news;

    ImapWatch(ImapPool pool, ServerLogin login, String mailbox, Watcher watcher) {
        this.pool = pool;
        this.login = login;
        this.mailbox = mailbox;
        this.watcher = watcher;
    }

    void start(Runnable whenEnded) {
        Thread.ofVirtual().name("watch-" + login.accountId()).start(() -> {
            try {
                run();
            } finally {
                whenEnded.run();
            }
        });
    }

    @Override
    public void close() {
        closed.countDown();
        ImapSession current = session;
        if (current != null) {
            current.close();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        int rejections = 0;
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            long start = System.nanoTime();
            try {
                stand();
            } catch (UpstreamException e) {
                if (isClosed()) {
                    return;
                }
                rejections = e instanceof UpstreamException.CredentialsRejected ? rejections + 1 : 0;
                tell(() -> watcher.lost(e));
                if (rejections >= MOST_REJECTIONS) {
                    return;
                }
            }
            boolean stable = System.nanoTime() - start > STABLE.toNanos();
            pause = stable ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
            // Jitter: after a provider's restart not all of its users come at once.
            waitFor(pause.multipliedBy(100 + ThreadLocalRandom.current().nextInt(50))
                    .dividedBy(100));
        }
    }

    /** One connection's life. */
    private void stand() {
        ImapSession opened = pool.open(login);
        session = opened;
        try (opened) {
            if (!isClosed()) {
                watch(opened);
            }
        } finally {
            session = null;
        }
    }

    private void watch(ImapSession opened) {
        Selected selected = selectWatched(opened);
        String watched = selected.mailbox();
        var arrivals = new ArrivalFetch(selected);
        notify(opened, arrivals);
        Map<String, String> known = notified ? Map.of() : states(opened, arrivals);
        changed.clear();
        listChanged = false;
        grown = false;
        tell(watcher::connected);
        long nextLook = System.nanoTime() + pool.watchPoll().toNanos();
        while (!isClosed()) {
            Duration untilLook = Duration.ofNanos(Math.max(0, nextLook - System.nanoTime()));
            wait(opened, arrivals, notified ? LONGEST_IDLE : min(untilLook, LONGEST_IDLE));
            if (!notified && System.nanoTime() - nextLook >= 0) {
                known = compare(known, states(opened, arrivals), watched);
                nextLook = System.nanoTime() + pool.watchPoll().toNanos();
            }
            tellNews();
            pace();
        }
    }

    /** A server that has news without end is listened to now and then; what it says meanwhile waits on the wire. */
    private void pace() {
        long over = stretch + STRETCH.toNanos() - System.nanoTime();
        if (over > 0 && news > MOST_NEWS) {
            waitFor(Duration.ofNanos(over));
        }
        if (over <= 0 || news > MOST_NEWS) {
            stretch = System.nanoTime();
            news = 0;
        }
    }

    private Selected selectWatched(ImapSession opened) {
        try {
            return opened.reselect(mailbox);
        } catch (UpstreamException.NotFound e) {
            return opened.reselect(MailboxNames.INBOX);
        }
    }

    /** Asks to be told of all the user's mailboxes (RFC 5465 5). */
    private void notify(ImapSession opened, ArrivalFetch arrivals) {
        notified = opened.can("NOTIFY") && opened.can("IDLE");
        if (!notified) {
            return;
        }
        Command messages = Command.listOf("MessageNew", "MessageExpunge", "FlagChange");
        Command everything =
                Command.listOf("MessageNew", "MessageExpunge", "FlagChange", "MailboxName", "SubscriptionChange");
        Command notify = Command.of("NOTIFY")
                .atom("SET")
                .list(Command.listOf("SELECTED-DELAYED").list(messages))
                .list(Command.listOf("PERSONAL").list(everything));
        Line result = opened.attempt(notify, line -> note(line, arrivals));
        notified &= result.isOK();
    }

    private void wait(ImapSession opened, ArrivalFetch arrivals, Duration most) {
        String watched = arrivals.mailbox();
        if (opened.can("IDLE")) {
            var idle = new Idle(opened, line -> note(line, arrivals));
            idle.await(most, () -> grown || listChanged || !changed.isEmpty() || isClosed());
            end(idle, arrivals);
        } else {
            waitFor(min(most, NOOP_PAUSE));
            if (!isClosed()) {
                opened.rest();
                opened.patience(pool.readTimeout());
                opened.run(Command.of("NOOP"), line -> note(line, arrivals));
            }
        }
        if (grown) {
            changed.add(watched);
        }
        grown = false;
        arrivals.skip();
    }

    /** Ends IDLE, fetching new mail along with that when there is nothing else. */
    private void end(Idle idle, ArrivalFetch arrivals) {
        Command fetch = grown && changed.isEmpty() && !listChanged && !isClosed() ? arrivals.begin() : null;
        if (fetch == null) {
            idle.end();
            return;
        }
        Line result = idle.endWith(fetch);
        String watched = arrivals.mailbox();
        arrivals.end(result).filter(all -> !changed.contains(watched)).ifPresent(all -> {
            grown = false;
            news++;
            tell(() -> watcher.arrived(watched, all));
        });
    }

    private void note(Line line, ArrivalFetch arrivals) {
        String watched = arrivals.mailbox();
        if (arrivals.take(line)) {
            return;
        }
        if (line.is("EXISTS")) {
            grown = true;
        } else if (line.is("EXPUNGE") || line.is("VANISHED") || line.is("FETCH")) {
            changed.add(watched);
        } else if (line.is("STATUS")) {
            byte[] name = Tokens.octets(line.tokens().value());
            if (changed.size() < MOST_NEWS && name.length <= LONGEST_NAME) {
                changed.add(MailboxNames.decode(name));
            } else {
                listChanged = true; // which leads to a look at all of them
            }
        } else if (line.is("LIST")) {
            listChanged = true;
        } else if (line.isOK() && "NOTIFICATIONOVERFLOW".equals(line.code())) {
            // RFC 5465 5.8: it has told us less than happened, and tells of no mailbox any more but the selected one.
            notified = false;
            listChanged = true;
        }
    }

    /** How the mailboxes stand. A server tells what happened to the watched one with any answer, and tells it once. */
    private Map<String, String> states(ImapSession opened, ArrivalFetch arrivals) {
        opened.rest();
        opened.patience(pool.readTimeout());
        var states = new HashMap<String, String>();
        for (RemoteMailbox listed : new ImapMailboxList(opened, line -> note(line, arrivals)).asListed()) {
            states.put(listed.name(), listed.state() + " " + listed.total() + " " + listed.unread());
        }
        return states;
    }

    private Map<String, String> compare(Map<String, String> before, Map<String, String> now, String watched) {
        listChanged |= !before.keySet().equals(now.keySet());
        now.forEach((name, state) -> {
            // Of the watched mailbox IDLE has told already.
            if (!name.equals(watched) && before.containsKey(name) && !state.equals(before.get(name))) {
                changed.add(name);
            }
        });
        return now;
    }

    private void tellNews() {
        if (listChanged) {
            listChanged = false;
            news++;
            tell(watcher::mailboxesChanged);
        }
        var mailboxes = Set.copyOf(changed);
        changed.clear();
        news += mailboxes.size();
        mailboxes.forEach(name -> tell(() -> watcher.mailboxChanged(name)));
    }

    /** A watcher's own failure must not end the watch. */
    private void tell(Runnable news) {
        if (isClosed()) {
            return;
        }
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.warn("a watcher of account {} failed", login.accountId(), e);
        }
    }

    private void waitFor(Duration pause) {
        try {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.trace("watch of account {} closed while it waited", login.accountId());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
