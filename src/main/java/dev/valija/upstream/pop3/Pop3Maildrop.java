package dev.valija.upstream.pop3;

import dev.valija.upstream.Maildrop;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A maildrop over a session. */
final class Pop3Maildrop implements Maildrop {
    /** So that a list of them fits into memory, whatever the server makes up. */
    static final int MOST_MESSAGES = 200_000;

    private static final int LONGEST_ROW = 120;
    private static final int LONGEST_ANSWER = 4 << 10;
    /** RFC 1939 7 has 70. */
    private static final int LONGEST_UIDL = 200;
    /** Each line may have a dot more, and a line has two octets at least besides. */
    private static final long LONGEST_MESSAGE = LARGEST + LARGEST / 2 + LONGEST_ANSWER;

    private static final String NO_LIST = "The server does not list its messages.";
    private static final String NO_NAMES = "The server cannot tell one message from another.";

    private final Pop3Connection connection;
    private boolean over;

    Pop3Maildrop(Pop3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void check() {
        onWire(() -> {
            var answer = connection.ask("STAT", LONGEST_ANSWER);
            var words = answer.text().split("[ \\t]+", 2);
            if (!answer.ok() || !words[0].matches("[0-9]{1,9}")) {
                throw new UpstreamException.NotSupported(NO_LIST, null);
            }
            int messages = Integer.parseInt(words[0]);
            if (messages > MOST_MESSAGES) {
                throw new UpstreamException.NotSupported("The server has too many messages.", null);
            }
            if (messages > 0 && !connection.ask("UIDL 1", LONGEST_ANSWER).ok()) {
                throw new UpstreamException.NotSupported(NO_NAMES, null);
            }
        });
    }

    @Override
    public List<Entry> list() {
        var sizes = new long[1024];
        Arrays.fill(sizes, -1);
        var listed = new Sizes(sizes);
        rows("LIST", NO_LIST, listed::add);
        var names = new String[listed.octets.length];
        rows("UIDL", NO_NAMES, (number, name) -> {
            if (number < names.length) {
                names[number] = isName(name) ? name : null;
            }
        });
        forgetAmbiguous(names);
        var entries = new ArrayList<Entry>();
        for (int number = 1; number < listed.octets.length; number++) {
            if (listed.octets[number] >= 0) {
                entries.add(new Entry(number, names[number], listed.octets[number]));
            }
        }
        return entries;
    }

    private static final class Sizes {
        private long[] octets;

        Sizes(long[] octets) {
            this.octets = octets;
        }

        void add(int number, String size) {
            if (number >= octets.length) {
                int old = octets.length;
                octets = Arrays.copyOf(octets, Math.min(Math.max(number + 1, old * 2), MOST_MESSAGES + 1));
                Arrays.fill(octets, old, octets.length, -1);
            }
            octets[number] = size.matches("[0-9]{1,15}") ? Long.parseLong(size) : 0;
        }
    }

    @FunctionalInterface
    private interface Row {
        void take(int number, String value);
    }

    private void rows(String command, String refusal, Row row) {
        onWire(() -> {
            var answer = connection.ask(command, (long) MOST_MESSAGES * LONGEST_ROW);
            if (!answer.ok()) {
                throw new UpstreamException.NotSupported(refusal, null);
            }
            connection.lines(MOST_MESSAGES, line -> {
                var words = line.strip().split("[ \\t]+", 3);
                if (words.length < 2 || !words[0].matches("[0-9]{1,9}")) {
                    return; // what is no row names no message
                }
                int number = Integer.parseInt(words[0]);
                if (number > MOST_MESSAGES) {
                    throw new UpstreamException.ProtocolViolation("The server has more messages than any.", null);
                }
                if (number > 0) {
                    row.take(number, words[1]);
                }
            });
        });
    }

    private static boolean isName(String name) {
        return name.length() <= LONGEST_UIDL && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** RFC 1939 7 forbids it, and servers do it: a name of several messages names none. */
    private static void forgetAmbiguous(@Nullable String[] names) {
        var seen = new HashSet<String>();
        var ambiguous = new HashSet<String>();
        for (var name : names) {
            if (name != null && !seen.add(name)) {
                ambiguous.add(name);
            }
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i] != null && ambiguous.contains(names[i])) {
                names[i] = null;
            }
        }
    }

    @Override
    public void retrieve(Entry message, OutputStream out) throws IOException {
        if (message.octets() > LARGEST) {
            throw new UpstreamException.NotSupported("The message is too large to be collected.", null);
        }
        var sink = new Sink(out);
        try {
            onWire(() -> {
                if (!connection.ask("RETR " + message.number(), LONGEST_MESSAGE).ok()) {
                    throw new UpstreamException.NotFound("The server does not give the message.");
                }
                connection.message(sink);
            });
        } catch (UpstreamException e) {
            if (sink.failure != null) {
                throw sink.failure;
            }
            throw e;
        }
    }

    /** Tells what the receiver of a message throws from what its sender does. */
    private static final class Sink extends OutputStream {
        private final OutputStream out;
        private @Nullable IOException failure;

        Sink(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    @Override
    public void delete(Entry message) {
        onWire(() -> {
            if (!connection.ask("DELE " + message.number(), LONGEST_ANSWER).ok()) {
                throw new UpstreamException.NotSupported("The server does not delete the message.", null);
            }
        });
    }

    @Override
    public void quit() {
        onWire(() -> {
            boolean deleted = connection.ask("QUIT", LONGEST_ANSWER).ok();
            over = true;
            if (!deleted) {
                throw new UpstreamException.Unavailable("The server has not deleted all it was told to.", null);
            }
        });
        connection.close();
    }

    @FunctionalInterface
    private interface Exchange {
        void run() throws IOException;
    }

    private void onWire(Exchange exchange) {
        if (over) {
            throw new UpstreamException.Unavailable("The session is over.", null);
        }
        try {
            exchange.run();
        } catch (UpstreamException e) {
            end(!e.connectionUsable());
            throw e;
        } catch (IOException e) {
            end(true);
            throw Failures.of(e);
        } catch (RuntimeException | Error e) {
            end(true); // whatever the receiver of a message threw, the rest of it is still to come
            throw e;
        }
    }

    private void end(boolean broken) {
        if (broken) {
            over = true;
            connection.close();
        }
    }
}
