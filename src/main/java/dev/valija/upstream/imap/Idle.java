package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Failures;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.angus.mail.iap.ProtocolException;

/** One stretch of waiting for news in IDLE (RFC 2177). */
final class Idle {
    /** What a living server takes to answer DONE. */
    private static final Duration DONE_PATIENCE = Duration.ofSeconds(20);

    private final ImapSession session;

    Idle(ImapSession session) {
        this.session = session;
    }

    /**
     * Waits.
     *
     * @param most how long, if nothing comes
     * @param enough whether what has come so far is worth returning for
     */
    void await(Duration most, Consumer<Line> untagged, BooleanSupplier enough) {
        ImapWire wire = session.wire();
        try {
            session.patience(DONE_PATIENCE);
            String tag = wire.send(Command.of("IDLE"));
            if (!granted(wire, tag, untagged)) {
                throw new UpstreamException.NotSupported("The mail server refused to push news.", null);
            }
            long end = System.nanoTime() + most.toNanos();
            while (!enough.getAsBoolean() && arrives(wire, end)) {
                session.patience(DONE_PATIENCE);
                do {
                    note(wire.next(), untagged);
                } while (wire.reader().available() > 0);
            }
            session.patience(DONE_PATIENCE);
            wire.sendLine("DONE");
            session.await(tag, untagged);
        } catch (IOException | ProtocolException e) {
            session.close();
            throw Failures.of(e);
        }
    }

    private boolean granted(ImapWire wire, String tag, Consumer<Line> untagged) throws IOException {
        for (int i = 0; i < 10_000; i++) {
            Line line = wire.next();
            if (line.isContinuation()) {
                return true;
            }
            if (line.isTagged() && tag.equals(line.getTag())) {
                return false;
            }
            note(line, untagged);
        }
        throw Tokens.malformed();
    }

    private void note(Line line, Consumer<Line> untagged) {
        session.note(line);
        untagged.accept(line);
    }

    /** Whether anything comes before the end; a timeout between lines does no harm. */
    private boolean arrives(ImapWire wire, long end) throws IOException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        session.patience(Duration.ofNanos(Math.max(left, 1_000_000)));
        try {
            wire.reader().awaitInput();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
