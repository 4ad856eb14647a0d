package dev.valija.upstream.imap;

import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.angus.mail.iap.LiteralException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.jspecify.annotations.Nullable;

/** One signed-in connection: runs commands, and knows what is selected. Used by one thread at a time. */
final class ImapSession implements AutoCloseable {
    /** Twice what the longest list of a mailbox has: see {@link ImapChanges}. */
    private static final int MOST_RESPONSES = 10_000_000;

    private final ImapWire wire;
    private final AtomicReference<Runnable> whenClosed = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> whenLost = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> whenProven = new AtomicReference<>(() -> {});
    private boolean signedIn;
    private final Capabilities capabilities = new Capabilities();
    private @Nullable Selected selected;
    /** What the server has selected for this connection, whether or not we still believe in it. */
    private @Nullable String open;

    private boolean inStep = true;
    private boolean answered;
    private long lastUsed = System.nanoTime();

    ImapSession(ImapWire wire) {
        this.wire = wire;
    }

    ImapWire wire() {
        return wire;
    }

    boolean can(String capability) {
        return capabilities.can(capability);
    }

    /** Whether ENABLE has switched an extension on (RFC 5161). */
    boolean enabled(String extension) {
        return capabilities.enabled(extension);
    }

    boolean knowsCapabilities() {
        return capabilities.known();
    }

    /** Does what signs in, after which the server may have others. */
    void signIn(Runnable exchange) {
        capabilities.signIn(exchange);
    }

    /** What is kept of the answers to commands is counted, until {@link #rest}. */
    void keep(long octets) {
        wire.held().take(octets);
    }

    /** Nothing is kept of any answer now. */
    void rest() {
        wire.held().giveBackAll();
        wire.reader().forget();
    }

    @Nullable
    Selected selected() {
        return selected;
    }

    @Nullable
    String selectedMailbox() {
        return selected == null ? null : selected.mailbox();
    }

    /** Believes no more in what is selected: another mailbox may have its name by now. */
    void deselect() {
        selected = null;
    }

    /** Leaves what the server has selected for this connection, believed in or not. */
    void leaveSelected() {
        if (open == null) {
            return;
        }
        if (can("UNSELECT") || can("IMAP4REV2")) {
            attempt(Command.of("UNSELECT"), line -> {});
        } else {
            // Selecting what is not there closes without expunging (RFC 9051 6.3.2), where CLOSE would expunge.
            attempt(Command.of("EXAMINE").string("valija-closes-this-mailbox"), line -> {});
        }
        selected = null;
        open = null;
    }

    /** Whether the connection stands and no answer is outstanding. */
    boolean usable() {
        return inStep && !wire.socket().isClosed();
    }

    /** Whether the server has answered anything since {@link #lent}. */
    boolean answered() {
        return answered;
    }

    void lent() {
        answered = false;
    }

    Duration unusedFor() {
        return Duration.ofNanos(System.nanoTime() - lastUsed);
    }

    /** Runs a command whose untagged responses matter to nobody. */
    Line run(Command command) {
        return run(command, line -> {});
    }

    /**
     * Runs a command.
     *
     * @return the tagged OK
     * @throws UpstreamException what NO, BAD or BYE mean, or that the connection was lost
     */
    Line run(Command command, Consumer<Line> untagged) {
        Line result = attempt(command, untagged);
        if (!result.isOK()) {
            throw Refusals.of(result);
        }
        return result;
    }

    /** Runs a command, and gives its tagged response whatever it says. */
    Line attempt(Command command, Consumer<Line> untagged) {
        return attemptAll(List.of(command), untagged).getFirst();
    }

    /** Sends all the commands before reading any answer: one round trip for the lot (RFC 9051 5.5). */
    List<Line> attemptAll(List<Command> commands, Consumer<Line> untagged) {
        return exchange(commands, untagged, null);
    }

    /** Runs a command that the server may ask to go on with, once: then it is told that line. */
    Line attempt(Command command, String continuation) {
        return exchange(List.of(command), line -> {}, continuation).getFirst();
    }

    private List<Line> exchange(List<Command> commands, Consumer<Line> untagged, @Nullable String continuation) {
        inStep = false;
        var tags = new ArrayList<String>();
        try {
            hearOut(untagged);
            for (Command command : commands) {
                tags.add(wire.send(command));
            }
            List<Line> results = await(tags, untagged, continuation);
            inStep = true;
            lastUsed = System.nanoTime();
            if (signedIn) {
                whenProven.getAndSet(() -> {}).run();
            }
            return results;
        } catch (LiteralException e) {
            Line refusal = ImapWire.refusal(e);
            // What is not yet said in full cannot be done, and of several it might be the answer to another.
            if (refusal.isOK() || !tags.isEmpty()) {
                throw outOfStep();
            }
            inStep = true;
            return List.of(refusal);
        } catch (IOException | ProtocolException e) {
            throw Failures.of(e);
        } finally {
            if (!inStep) {
                lose();
            }
        }
    }

    /** Reads what came before the next command is said: an answer to that cannot be among it. */
    private void hearOut(Consumer<Line> untagged) throws IOException {
        for (int i = 0; wire.reader().holdsInput(); i++) {
            if (i == MOST_RESPONSES) {
                throw new GuardException("endless responses");
            }
            take(wire.next(), untagged);
        }
    }

    /** Reads up to the answers to these tags, in whatever order they come (RFC 9051 5.5). */
    List<Line> await(List<String> tags, Consumer<Line> untagged) throws IOException {
        return await(tags, untagged, null);
    }

    private List<Line> await(List<String> tags, Consumer<Line> untagged, @Nullable String continuation)
            throws IOException {
        var answers = new HashMap<String, Line>();
        String untold = continuation;
        for (int i = 0; answers.size() < tags.size(); i++) {
            if (i == MOST_RESPONSES) {
                throw new GuardException("endless responses");
            }
            Line line = wire.next();
            answered = true;
            if (line.isContinuation() && untold != null) {
                wire.sendLine(untold);
                untold = null;
            } else if (line.isTagged() && tags.contains(line.getTag()) && !answers.containsKey(line.getTag())) {
                noteCapabilityCode(line);
                answers.put(line.getTag(), line);
            } else {
                take(line, untagged);
            }
        }
        return tags.stream().map(answers::get).toList();
    }

    /** An answer to what was not asked, or a wish to hear more where nothing is left to say, is an intruder's or a trick. */
    private void take(Line line, Consumer<Line> untagged) {
        if (line.isTagged() || line.isContinuation()) {
            throw outOfStep();
        }
        note(line);
        untagged.accept(line);
    }

    private static UpstreamException outOfStep() {
        return new UpstreamException.ProtocolViolation("The server answers what was not asked.", null);
    }

    /** Takes note of an untagged response, whenever it comes. */
    void note(Line line) {
        if (line.isBYE()) {
            throw Refusals.ofBye(line);
        }
        if (line.is("CAPABILITY")) {
            noteCapabilities(line.tokens());
        } else if (line.is("ENABLED")) {
            capabilities.enable(line.tokens());
        } else if (selected != null) {
            selected.note(line);
        }
    }

    void noteCapabilityCode(Line line) {
        if ("CAPABILITY".equals(line.code())) {
            noteCapabilities(line.codeArguments());
        }
    }

    private void noteCapabilities(Tokens tokens) {
        capabilities.tell(tokens);
        wire.literalPlus(can("LITERAL+"));
    }

    boolean hasSelected(String mailbox) {
        return selected != null && selected.mailbox().equals(MailboxNames.canonical(mailbox));
    }

    /** What is known of a mailbox, selecting it if it is not selected yet. */
    Selected select(String mailbox) {
        Selected current = selected;
        return current != null && hasSelected(mailbox) ? current : reselect(mailbox);
    }

    /**
     * The mailbox with these messages in view. Under its name there may be another by now, so ids that do not fit what
     * is selected make us look again, once. A connection learns of new mail by a command's answer only, and passes over
     * UIDs it has not heard of (RFC 9051 5.2): what another connection told us of would be left unmarked without a
     * word. In one round trip with what follows it will not do, since Dovecot answers a queue of commands first.
     */
    Selected select(String mailbox, Collection<RemoteId> ids) {
        Selected before = selected;
        Selected current = select(mailbox);
        if (current == before && !current.numbers(ids)) {
            current = reselect(mailbox);
        }
        long newest = Arrays.stream(Uids.of(ids, current.validity())).max().orElse(0);
        if (!current.knows(newest)) {
            run(Command.of("NOOP"));
            current.heardOf(newest);
        }
        return current;
    }

    /** The mailbox with all its messages in view. */
    Selected selectNow(String mailbox) {
        Selected before = selected;
        Selected current = select(mailbox);
        if (current == before) {
            run(Command.of("NOOP"));
        }
        return current;
    }

    /** Selects a mailbox anew, which tells how it stands now. */
    Selected reselect(String mailbox) {
        return reselect(mailbox, line -> {}, null);
    }

    /**
     * The same, with more to ask.
     *
     * @param parameters in the parentheses of SELECT, such as those of QRESYNC (RFC 7162 3.2.5)
     */
    Selected reselect(String mailbox, Consumer<Line> untagged, @Nullable Command parameters) {
        String wanted = MailboxNames.canonical(mailbox);
        var opening = new Selected(wanted);
        selected = opening;
        Command select = Command.of("SELECT").mailbox(wanted);
        if (parameters != null) {
            select.list(parameters);
        } else if (can("CONDSTORE") && !enabled("QRESYNC")) {
            select.list(Command.listOf("CONDSTORE"));
        }
        Line result = attempt(select, line -> {
            // RFC 9051 7.1: what came before belongs to the mailbox selected until now.
            if (line.isOK() && "CLOSED".equals(line.code())) {
                opening.reset();
            }
            untagged.accept(line);
        });
        if (!result.isOK()) {
            selected = null;
            open = null;
            throw Refusals.ofMailbox(result);
        }
        open = wanted;
        opening.opened(result);
        return opening;
    }

    /** Says good-bye if it can be said at once. */
    void logout() {
        try {
            if (usable()) {
                wire.socket().patience(Duration.ofSeconds(2));
                wire.send(Command.of("LOGOUT"));
            }
        } catch (IOException | ProtocolException e) {
            inStep = false; // and closed right below, which is what matters
        }
        close();
    }

    /** Closes what is of no use any more, which is the server's doing or that of the network in between. */
    void lose() {
        if (!wire.socket().isClosed() && wire.reader().bodiesFailure() == null) {
            whenLost.getAndSet(() -> {}).run();
        }
        close();
    }

    /** From now on commands are the borrower's. */
    void signedIn() {
        signedIn = true;
    }

    /** Has something done once when the server has answered a first command after the sign-in. */
    void whenProven(Runnable action) {
        whenProven.set(action);
    }

    /** Has something done once when the connection is lost, before it is closed; not when we close it. */
    void whenLost(Runnable action) {
        whenLost.set(action);
    }

    /** Has something done once when the connection is closed. */
    void whenClosed(Runnable action) {
        whenClosed.set(action);
    }

    /** Closes at once; may be called by another thread, whose read or write then fails. */
    @Override
    public void close() {
        try {
            wire.socket().close();
        } catch (IOException e) {
            // It is gone either way.
        } finally {
            wire.held().close();
            whenClosed.getAndSet(() -> {}).run();
        }
    }

    /** How long the server may be silent from now on. */
    void patience(Duration patience) {
        try {
            wire.socket().patience(patience);
        } catch (IOException e) {
            throw Failures.of(e);
        }
    }
}
