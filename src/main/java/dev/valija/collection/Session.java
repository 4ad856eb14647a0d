package dev.valija.collection;

import dev.valija.collection.Item.State;
import dev.valija.collection.Ledger.Letter;
import dev.valija.collection.Plan.Known;
import dev.valija.collection.TargetMailbox.Found;
import dev.valija.mailbox.Mailbox;
import dev.valija.message.Arrival;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Maildrop;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session with a POP3 server: some messages are stored, each step written down before the next, and some deleted. */
final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /** Then the server is told to delete what it may, and others have their turn. */
    static final int MOST_STORED = 200;

    private static final int MOST_DELETED = 1000;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration BEAT = Duration.ofMinutes(1);
    /** Also for a last message that does not end: there is room for few sessions at once. */
    private static final Duration TOO_LONG = Duration.ofMinutes(20);

    private static final int MOST_REFUSALS = 10;
    /** The guarded stream gives up on who takes longer than that, and on fewer octets a second. */
    private static final Duration LONGEST_APPEND = Duration.ofMinutes(11);

    private static final long SLOWEST_APPEND = 16 << 10;
    /** A server may be about to store what we have lost sight of. */
    private static final Duration DOUBT = Duration.ofSeconds(30);

    /** What a session works with. */
    record Tools(
            CollectionRows rows, Ledger ledger, Planner planner, TargetMailbox target, Spools spools, Clock clock) {}

    private final MailCollection mine;
    private final Maildrop maildrop;
    private final Tools tools;
    private final Ledger ledger;
    private final TargetMailbox target;
    private Instant begun;
    private final List<Item> deleted = new ArrayList<>();
    private final Set<Long> met = new HashSet<>();
    private Set<String> names = Set.of();
    private Mailbox mailbox;
    private @Nullable RemoteId last;
    private Instant beaten;
    private int stored;
    private int refusals;

    Session(MailCollection mine, Maildrop maildrop, Mailbox mailbox, Tools tools) {
        this.mine = mine;
        this.maildrop = maildrop;
        this.mailbox = mailbox;
        this.tools = tools;
        this.ledger = tools.ledger();
        this.target = tools.target();
        this.begun = tools.clock().instant();
        this.beaten = begun;
    }

    /** How many messages were stored. */
    int stored() {
        return stored;
    }

    /** Where the last of them went. */
    Mailbox mailbox() {
        return mailbox;
    }

    /**
     * Does as much as a session should.
     *
     * @return whether there is more, where another session would do more than this one
     * @throws UpstreamException what is wrong with the POP3 server
     * @throws TargetFailure what is wrong with the mailbox
     */
    boolean run() throws IOException {
        var plan = tools.planner().plan(mine, maildrop.list(), now());
        begun = now();
        names = plan.names();
        tools.rows().found(mine, plan.wanted().size());
        boolean more;
        try {
            more = remove(plan);
            more |= collect(plan);
        } catch (TargetFailure e) {
            quitAfter(e);
            throw e;
        }
        boolean moved = stored + deleted.size() > 0;
        quit();
        return more && moved;
    }

    /** What is stored is, all the same. */
    private void quitAfter(TargetFailure failure) {
        try {
            quit();
        } catch (UpstreamException e) {
            failure.addSuppressed(e);
        }
    }

    /** @return whether there is more */
    private boolean remove(Plan plan) throws IOException {
        // In any order, as collect does with those without a name: some may be refused each time.
        var removable = new ArrayList<>(plan.removable());
        Collections.shuffle(removable);
        for (var known : removable) {
            if (deleted.size() >= MOST_DELETED || isLate()) {
                return true;
            }
            collect(known);
        }
        return false;
    }

    private boolean collect(Plan plan) throws IOException {
        for (var known : plan.wanted()) {
            if (stored >= MOST_STORED || isLate()) {
                return true;
            }
            collect(known);
        }
        // In any order, so that the last of them has its turn, too.
        var unnamed = new ArrayList<>(plan.unnamed());
        Collections.shuffle(unnamed);
        for (var entry : unnamed) {
            if (isLate()) {
                return false;
            }
            collect(new Known(entry, null));
        }
        return false;
    }

    private boolean isLate() {
        return now().isAfter(begun.plus(LONGEST));
    }

    /** Deletions are for who has the turn only. */
    private void quit() {
        tools.rows().inTurn(mine, () -> {});
        maildrop.quit();
        ledger.gone(mine, deleted, now());
        deleted.clear();
    }

    private void collect(Known known) throws IOException {
        try (var spool = tools.spools().open()) {
            if (retrieve(known, spool)) {
                recognise(known, spool, spool.hash()).ifPresent(item -> {
                    if (Planner.mayGo(mine, item, now())) {
                        delete(known, item);
                    }
                });
            }
        }
    }

    private boolean retrieve(Known known, Spool spool) throws IOException {
        try {
            maildrop.retrieve(known.entry(), spool.out(this::beat));
            return true;
        } catch (UpstreamException e) {
            if (!e.connectionUsable()) {
                ledger.stumbled(mine, known, now());
                throw e;
            }
            ledger.notGiven(mine, known, now());
            if (isRefused(e)) {
                throw new UpstreamException.Unavailable("The server lists messages and gives none.", e);
            }
            return false;
        }
    }

    /** Once more in a row. @return whether that is too often */
    private boolean isRefused(ProblemException why) {
        log.info("a message of collection {} waits: {}", mine.key().id(), why.problem());
        refusals++;
        return refusals >= MOST_REFUSALS;
    }

    /** The message as it is known, stored now if it was not; nothing where it is none of ours to delete. */
    private Optional<Item> recognise(Known known, Spool spool, byte[] hash) throws IOException {
        var own = known.item();
        var all = ledger.ofHash(mine, hash);
        if (own != null && own.removable()) {
            if (all.stream().anyMatch(like -> like.id() == own.id())) {
                met.add(own.id());
                return Optional.of(own);
            }
            // The server has given the name again, to another of the same size.
            ledger.unname(mine, own);
            return recognise(new Known(known.entry(), null), spool, hash);
        }
        var alike = all.stream()
                .filter(like -> own == null || like.id() != own.id())
                .toList();
        var same = alike.stream().filter(like -> !isElsewhere(like)).toList();
        var kept = same.stream().filter(Item::removable).findFirst();
        if (kept.isPresent()) {
            met.add(kept.get().id());
            return Optional.of(ledger.renamed(mine, kept.get(), known));
        }
        if (alike.stream().anyMatch(Item::kept)) {
            ledger.twin(mine, known, hash);
            return Optional.empty();
        }
        var doubtful =
                same.stream().filter(like -> like.state() == State.RETRIEVED).findFirst();
        if (doubtful.isPresent()) {
            return resolve(new Known(known.entry(), ledger.renamed(mine, doubtful.get(), known)), spool, hash);
        }
        if (own == null) {
            // The mailbox has not taken it before.
            var refused = same.stream().filter(like -> like.uidl() == null).findFirst();
            return refused.filter(like -> like.waits(now())).isPresent()
                    ? Optional.empty()
                    : store(new Known(known.entry(), refused.orElse(null)), spool, hash);
        }
        return own.state() == State.RETRIEVED ? resolve(known, spool, hash) : store(known, spool, hash);
    }

    /** Each deletion is of a message that was stored: of two that are alike one stays. */
    private boolean isElsewhere(Item item) {
        return met.contains(item.id()) || (item.uidl() != null && names.contains(item.uidl()));
    }

    /** It may have been stored before: it is looked for, and stored if it was not. */
    private Optional<Item> resolve(Known known, Spool spool, byte[] hash) throws IOException {
        var item = known.item();
        if (item == null || item.waits(now())) {
            return Optional.empty();
        }
        var found = sought(item, spool);
        if (found.isEmpty()) {
            return store(known, spool, hash);
        }
        var place = found.get();
        if (!place.ours()) {
            ledger.twin(mine, known, hash);
            return Optional.empty();
        }
        return Optional.of(ledger.stored(mine, item, place.mailboxName(), place.id(), now()));
    }

    private Optional<Found> sought(Item item, Spool spool) throws IOException {
        try {
            return target.find(mine, item, spool);
        } catch (ProblemException e) {
            ledger.doubtful(mine, item, now(), DOUBT);
            throw new TargetFailure(e);
        }
    }

    private Optional<Item> store(Known known, Spool spool, byte[] hash) throws IOException {
        var after = onTarget(this::last);
        var letter = new Letter(hash, Arrival.of(spool.header(), now()), mailbox.remoteName(), after);
        var doubtful = now().plus(LONGEST_APPEND).plusSeconds(spool.size() / SLOWEST_APPEND);
        var item = ledger.retrieved(mine, known, letter, doubtful);
        try {
            var id = target.append(mine, letter.mailboxName(), spool, letter.receivedAt());
            var kept = ledger.stored(mine, item, letter.mailboxName(), id.orElse(null), now());
            met.add(kept.id());
            stored++;
            refusals = 0;
            return Optional.of(kept);
        } catch (UpstreamException.NotFound e) {
            ledger.untouched(mine, item);
            moveOn(e);
            return store(new Known(known.entry(), item), spool, hash);
        } catch (UpstreamException.NotSupported e) {
            ledger.notTaken(mine, item, now());
            if (isRefused(e)) {
                throw new TargetFailure(e);
            }
            return Optional.empty();
        } catch (UpstreamException.OverQuota e) {
            ledger.untouched(mine, item);
            throw new TargetFailure(e);
        } catch (ProblemException e) {
            ledger.doubtful(mine, item, now(), DOUBT);
            throw new TargetFailure(e);
        }
    }

    private RemoteId last() {
        var known = last;
        if (known == null) {
            try {
                known = target.last(mine, mailbox.remoteName());
            } catch (UpstreamException.NotFound e) {
                moveOn(e);
                known = target.last(mine, mailbox.remoteName());
            }
            last = known;
        }
        return known;
    }

    /** The mailbox is gone. */
    private void moveOn(UpstreamException.NotFound why) {
        var other = target.resolveAnew(mine, mailbox);
        if (other.key().equals(mailbox.key())) {
            throw new TargetFailure(why);
        }
        mailbox = other;
        last = null;
    }

    private void delete(Known known, @Nullable Item item) {
        if (item == null) {
            return;
        }
        ledger.deleting(mine, item);
        try {
            maildrop.delete(known.entry());
            deleted.add(item);
        } catch (UpstreamException.NotSupported e) {
            log.info(
                    "a message of collection {} is not deleted by the server",
                    mine.key().id());
        }
    }

    /** Something still moves. */
    private void beat() {
        var now = now();
        if (now.isAfter(begun.plus(TOO_LONG))) {
            throw new UpstreamException.TimedOut("The server takes too long for a message.", null);
        }
        if (now.isAfter(beaten.plus(BEAT))) {
            beaten = now;
            tools.rows().renew(mine, now);
        }
    }

    private Instant now() {
        return tools.clock().instant();
    }

    @FunctionalInterface
    private interface Asked<T> {
        T ask() throws IOException;
    }

    private static <T> T onTarget(Asked<T> asked) throws IOException {
        try {
            return asked.ask();
        } catch (ProblemException e) {
            throw new TargetFailure(e);
        }
    }
}
