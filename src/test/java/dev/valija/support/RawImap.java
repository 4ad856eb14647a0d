package dev.valija.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.valija.upstream.ServerSettings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mail program that shares no code with ours: IMAP lines as they are, over TLS. */
public final class RawImap implements AutoCloseable {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}$");

    private final Socket socket;
    private final InputStream in;
    private int tags;

    /** What a command was answered with: untagged responses, literals in their places, and the tagged one. */
    public record Answer(List<String> untagged, String tagged) {
        public boolean ok() {
            return tagged.startsWith("OK");
        }
    }

    /** Signs in. */
    public RawImap(ServerSettings server, String user, String password) {
        try {
            socket = TestCa.clientContext().getSocketFactory().createSocket(server.host(), server.port());
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
            line();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("LOGIN " + user + " " + password);
    }

    /** Runs a command that must succeed. */
    public List<String> run(String command) {
        var answer = attempt(command);
        if (!answer.ok()) {
            throw new IllegalStateException(command + ": " + answer.tagged());
        }
        return answer.untagged();
    }

    /** Runs a command, whatever it is answered. */
    public Answer attempt(String command) {
        try {
            var tag = tag();
            send(tag + " " + command + "\r\n");
            return answer(tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a message; flags and date as they stand in the command. */
    public Answer append(String mailbox, String flags, String date, byte[] message) {
        try {
            var tag = tag();
            send("%s APPEND %s (%s) \"%s\" {%d+}\r\n".formatted(tag, mailbox, flags, date, message.length));
            socket.getOutputStream().write(message);
            send("\r\n");
            return answer(tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tag() {
        return "r" + ++tags;
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private Answer answer(String tag) throws IOException {
        var untagged = new ArrayList<String>();
        while (true) {
            var response = response();
            if (response.startsWith(tag + " ")) {
                return new Answer(untagged, response.substring(tag.length() + 1));
            }
            untagged.add(response);
        }
    }

    private String response() throws IOException {
        var response = new StringBuilder(line());
        for (Matcher literal = LITERAL.matcher(response); literal.find(); literal = LITERAL.matcher(response)) {
            var octets = in.readNBytes(Integer.parseInt(literal.group(1)));
            response.setLength(literal.start());
            response.append(new String(octets, ISO_8859_1)).append(' ').append(line());
        }
        return response.toString();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server hung up");
            }
            line.write(octet);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
