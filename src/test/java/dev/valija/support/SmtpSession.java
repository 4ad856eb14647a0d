package dev.valija.support;

import dev.valija.support.SmtpSink.Cut;
import dev.valija.support.SmtpSink.Reply;
import dev.valija.support.SmtpSink.Step;
import dev.valija.upstream.Security;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

/** One session of an {@link SmtpSink} (RFC 5321, 3207, 4954). */
final class SmtpSession {
    private final SmtpSink sink;
    private Socket socket;
    private InputStream in;
    private boolean secured;
    private boolean signedIn;
    private String from;
    private final List<String> recipients = new ArrayList<>();

    SmtpSession(SmtpSink sink, Socket socket) throws IOException {
        this.sink = sink;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    void run() throws IOException {
        if (sink.security == Security.TLS) {
            secure();
        }
        if (sink.isCut(Cut.AT_GREETING)) {
            return;
        }
        say("220 sink.example.org ESMTP");
        while (true) {
            var line = line();
            sink.heard(line);
            try {
                reached(line);
                if (!answer(line)) {
                    return;
                }
            } catch (SmtpSink.Answer e) {
                say(e.reply.code() + " " + e.reply.text());
            }
        }
    }

    /** @return whether the session goes on */
    private boolean answer(String line) throws IOException {
        var refusal = refusal(line);
        if (refusal == null) {
            return obey(line);
        }
        say(refusal.code() + " " + refusal.text());
        return refusal.code() != 421;
    }

    private void reached(String line) {
        for (var step : List.of(Step.MAIL, Step.RCPT, Step.DATA)) {
            if (line.toUpperCase(Locale.ROOT).startsWith(step.name())) {
                sink.reached(step);
            }
        }
    }

    private Reply refusal(String line) {
        return sink.refusals.entrySet().stream()
                .filter(e -> line.toUpperCase(Locale.ROOT).startsWith(e.getKey().toUpperCase(Locale.ROOT)))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private boolean obey(String line) throws IOException {
        switch (line.split("[ :]")[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> ehlo();
            case "HELO", "NOOP" -> say("250 ok");
            case "STARTTLS" -> {
                say("220 go ahead");
                secure();
            }
            case "AUTH" -> authenticate(line);
            case "RSET" -> {
                reset();
                say("250 ok");
            }
            case "MAIL" -> mail(line);
            case "RCPT" -> {
                if (from == null) {
                    say("503 MAIL first");
                    return true;
                }
                recipients.add(path(line));
                say("250 ok");
                if (sink.isCut(Cut.AFTER_RCPT)) {
                    return false;
                }
            }
            case "DATA" -> {
                return data();
            }
            case "QUIT" -> {
                say("221 bye");
                return false;
            }
            default -> say("502 what?");
        }
        return true;
    }

    private void ehlo() throws IOException {
        var said = new ArrayList<String>(List.of("sink.example.org"));
        if (secured || sink.tls == null) {
            said.addAll(sink.extensions);
        } else {
            said.add("STARTTLS");
        }
        for (int i = 0; i < said.size(); i++) {
            say("250" + (i + 1 < said.size() ? "-" : " ") + said.get(i));
        }
    }

    private void authenticate(String line) throws IOException {
        var words = line.split(" ");
        String password;
        if (words[1].equalsIgnoreCase("PLAIN")) {
            var response = words.length > 2 ? words[2] : challenge("");
            password = decoded(response).split("\0", -1)[2];
        } else {
            if (words.length < 3) {
                challenge("VXNlcm5hbWU6");
            }
            password = decoded(challenge("UGFzc3dvcmQ6"));
        }
        signedIn = password.equals(SmtpSink.PASSWORD);
        say(signedIn ? "235 welcome" : "535 5.7.8 no");
    }

    private void mail(String line) throws IOException {
        if (!signedIn) {
            say("530 5.7.0 sign in first");
        } else {
            reset();
            from = path(line);
            say("250 ok");
        }
    }

    private boolean data() throws IOException {
        if (recipients.isEmpty() && !sink.takesDataForNobody) {
            say("503 no recipients");
            return true;
        }
        say("354 go on");
        var message = message();
        if (message == null) {
            return false;
        }
        sink.reached(Step.FINAL_DOT);
        if (sink.isCut(Cut.AFTER_FINAL_DOT)) {
            return false;
        }
        var refusal = sink.refusesMessages;
        if (refusal != null) {
            say(refusal.code() + " " + refusal.text());
            reset();
            return true;
        }
        sink.take(new SmtpSink.Taken(from, List.copyOf(recipients), message));
        sink.reached(Step.TAKEN);
        if (sink.isCut(Cut.AFTER_FINAL_DOT_TAKEN)) {
            return false;
        }
        var held = sink.beforeReply;
        if (held != null) {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        say("250 2.0.0 taken");
        sink.reached(Step.REPLIED);
        reset();
        return true;
    }

    /** The data up to the final dot, or null when the session breaks off in it. */
    private byte[] message() throws IOException {
        var message = new ByteArrayOutputStream();
        boolean cut = sink.isCut(Cut.IN_DATA);
        while (true) {
            var line = octetLine();
            if (message.size() == 0) {
                sink.reached(Step.IN_DATA);
            }
            if (cut) {
                return null;
            }
            if (line.length == 1 && line[0] == '.') {
                return message.toByteArray();
            }
            int start = line.length > 0 && line[0] == '.' ? 1 : 0;
            message.write(line, start, line.length - start);
            message.write('\r');
            message.write('\n');
        }
    }

    private void reset() {
        recipients.clear();
        from = null;
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private String challenge(String text) throws IOException {
        say("334 " + text);
        return line();
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void say(String line) throws IOException {
        var out = socket.getOutputStream();
        var octets = (line + "\r\n").getBytes(StandardCharsets.UTF_8);
        var pause = sink.dribble;
        if (pause == null) {
            out.write(octets);
        } else {
            for (byte octet : octets) {
                out.write(octet);
                out.flush();
                LockSupport.parkNanos(pause.toNanos());
            }
        }
        out.flush();
    }

    private String line() throws IOException {
        return new String(octetLine(), StandardCharsets.UTF_8);
    }

    /** Up to CR LF, or a bare LF; a CR elsewhere is kept. */
    private byte[] octetLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the client has gone");
            }
            line.write(b);
        }
        var octets = line.toByteArray();
        int length = octets.length;
        return length > 0 && octets[length - 1] == '\r' ? Arrays.copyOf(octets, length - 1) : octets;
    }

    private void secure() throws IOException {
        var wrapped = (SSLSocket) sink.tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        wrapped.setUseClientMode(false);
        wrapped.startHandshake();
        socket = wrapped;
        in = new BufferedInputStream(wrapped.getInputStream());
        secured = true;
    }
}
