package dev.valija.support;

import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A submission server on loopback that takes mail, remembers it, delivers it where told, and fails on demand at each
 * step. Lets in everybody with {@link #PASSWORD}.
 */
public final class SmtpSink implements AutoCloseable {
    public static final String PASSWORD = "secret";

    /** A message that was taken, dots unstuffed. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Taken(String from, List<String> recipients, byte[] message) {
        /** The message as text. */
        public String text() {
            return new String(message, StandardCharsets.UTF_8);
        }
    }

    /** Puts a taken message where its recipient reads it. */
    @FunctionalInterface
    public interface Delivery {
        void deliver(String recipient, byte[] message);
    }

    /** Where a session breaks off. */
    public enum Cut {
        AT_GREETING,
        AFTER_RCPT,
        IN_DATA,
        AFTER_FINAL_DOT,
        AFTER_FINAL_DOT_TAKEN
    }

    /** How far a session has come. */
    public enum Step {
        MAIL,
        RCPT,
        DATA,
        IN_DATA,
        FINAL_DOT,
        TAKEN,
        REPLIED
    }

    record Reply(int code, String text) {}

    /** Thrown by who is told of a step: the command is answered so, and not obeyed. */
    public static final class Answer extends RuntimeException {
        final transient Reply reply;

        public Answer(int code, String text) {
            super(text);
            reply = new Reply(code, text);
        }
    }

    /** Thrown by who is told of a step: the session ends there. */
    public static final class Gone extends RuntimeException {}

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final List<String> transcript = new CopyOnWriteArrayList<>();
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();
    final @Nullable SSLContext tls;
    final Security security;
    final Map<String, Reply> refusals = new ConcurrentHashMap<>();
    volatile List<String> extensions =
            List.of("SIZE 10000000", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN");
    volatile @Nullable Cut cut;
    volatile @Nullable Reply refusesMessages;
    volatile @Nullable CountDownLatch beforeReply;
    volatile boolean takesDataForNobody;
    volatile @Nullable Duration dribble;
    private volatile Consumer<Step> onStep = step -> {};
    private volatile int connections;

    private SmtpSink(@Nullable SSLContext tls, Security security) {
        this.tls = tls;
        this.security = security;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("smtp-sink").start(this::accept);
    }

    /** Implicit TLS with a good certificate. */
    public static SmtpSink start() {
        return start(TestCa.good());
    }

    /** Implicit TLS. */
    public static SmtpSink start(TestCa.Certificate certificate) {
        return new SmtpSink(certificate.serverContext(), Security.TLS);
    }

    /** Plain text at first, STARTTLS offered. */
    public static SmtpSink startWithStarttls() {
        return new SmtpSink(TestCa.good().serverContext(), Security.STARTTLS);
    }

    /** Plain text only: what nobody should talk to. */
    public static SmtpSink startPlain() {
        return new SmtpSink(null, Security.STARTTLS);
    }

    /** Where it is. */
    public ServerSettings settings() {
        return new ServerSettings("localhost", listener.getLocalPort(), security);
    }

    /** What was taken, in order. */
    public List<Taken> taken() {
        return List.copyOf(taken);
    }

    /** Every command line received, over all sessions; message data is not among them. */
    public List<String> transcript() {
        return List.copyOf(transcript);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections;
    }

    /** Connections open now. */
    public int openConnections() {
        return open.size();
    }

    /** Mail for addresses of that domain goes there too. */
    public SmtpSink delivers(String domain, Delivery delivery) {
        deliveries.put(domain, delivery);
        return this;
    }

    /** Answers so to a command: its beginning, such as {@code RCPT TO:<bob@example.org>}, {@code DATA}, {@code AUTH}. */
    public SmtpSink refuses(String command, int code, String text) {
        refusals.put(command, new Reply(code, text));
        return this;
    }

    /** Answers so to the final dot. */
    public SmtpSink refusesMessages(int code, String text) {
        refusesMessages = new Reply(code, text);
        return this;
    }

    /** Says 354 to DATA even where it has refused all recipients, as some servers do (RFC 2920 3.1). */
    public SmtpSink takesDataForNobody() {
        takesDataForNobody = true;
        return this;
    }

    /** The next session breaks off there. */
    public SmtpSink cuts(Cut where) {
        cut = where;
        return this;
    }

    /** Takes messages but holds the reply to the final dot until the latch opens. */
    public SmtpSink holdsReplies(CountDownLatch latch) {
        beforeReply = latch;
        return this;
    }

    /** Announces these EHLO keywords instead of the usual ones. */
    public SmtpSink announces(String... keywords) {
        extensions = List.of(keywords);
        return this;
    }

    /** Replies come an octet at a time, that far apart. */
    public SmtpSink dribbles(Duration pause) {
        dribble = pause;
        return this;
    }

    /** Has that told of each step, which waits until it returns; see {@link Answer} and {@link Gone}. */
    public SmtpSink onStep(Consumer<Step> listener) {
        onStep = listener;
        return this;
    }

    void reached(Step step) {
        onStep.accept(step);
    }

    /** No fault any more. */
    public void behaves() {
        refusals.clear();
        refusesMessages = null;
        cut = null;
        beforeReply = null;
        takesDataForNobody = false;
        dribble = null;
    }

    /** Closes every open connection, as a server does that has waited long enough. */
    public void dropsConnections() {
        for (var socket : open) {
            close(socket);
        }
    }

    void heard(String command) {
        transcript.add(command);
    }

    /** Whether the session breaks off here; a cut happens once. */
    synchronized boolean isCut(Cut where) {
        if (cut != where) {
            return false;
        }
        cut = null;
        return true;
    }

    void take(Taken message) {
        taken.add(message);
        for (var recipient : message.recipients()) {
            var delivery = deliveries.get(recipient.substring(recipient.lastIndexOf('@') + 1));
            if (delivery != null) {
                delivery.deliver(recipient, message.message());
            }
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                socket.setTcpNoDelay(true); // no line waits for the client's delayed acknowledgement
                connections++;
                open.add(socket);
                Thread.ofVirtual().name("smtp-session").start(() -> {
                    try {
                        new SmtpSession(this, socket).run();
                    } catch (IOException | Gone e) {
                        // The client went, or is to think that we did.
                    } finally {
                        close(socket);
                        open.remove(socket);
                    }
                });
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dropsConnections();
    }
}
