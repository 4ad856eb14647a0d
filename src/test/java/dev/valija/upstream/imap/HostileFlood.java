package dev.valija.upstream.imap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.valija.message.BodyPart;
import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.ScriptedServer.Dialogue;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Floods of servers, for a JVM with little heap: {@link HostileServersIT} starts one. Each flood comes over all the
 * connections of one account at once, while another account reads its mail. What is read in the end is thrown away.
 */
enum HostileFlood {
    ENDLESS_LINE("SELECT .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            dialogue.send("* OK ".getBytes(US_ASCII));
            for (int i = 0; i < 5_000; i++) {
                dialogue.send("x".repeat(64 << 10).getBytes(US_ASCII));
            }
        }
    },
    GIGABYTE_LITERAL("FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            dialogue.say("* 1 FETCH (UID 1 ENVELOPE {1073741824}");
            for (int i = 0; i < 16 << 10; i++) {
                dialogue.send("x".repeat(64 << 10).getBytes(US_ASCII));
            }
        }
    },
    MANY_LITERALS("FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            dialogue.send("* 1 FETCH (UID 1 ENVELOPE (".getBytes(US_ASCII));
            for (int i = 0; i < 60; i++) {
                dialogue.say("{1048576}");
                dialogue.send("x".repeat(1 << 20).getBytes(US_ASCII));
            }
            dialogue.say("))", tag + " OK");
        }
    },
    MILLION_UNTAGGED("SELECT .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            many(dialogue, 1_000_000, i -> "* OK still there");
            dialogue.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", tag + " OK");
        }
    },
    ROWS_NEVER_ASKED_FOR("FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            many(dialogue, 50_000, i -> row(i + 1));
            dialogue.say(tag + " OK");
        }
    },
    UNREADABLE_ROWS("FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            String row = "* 1 FETCH (UID 1 ENVELOPE (" + "()".repeat(100_000);
            many(dialogue, 100, i -> row);
            dialogue.say(tag + " OK");
        }
    },
    KEYWORDS_OF_THEIR_OWN("UID FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            many(dialogue, 50_000, i -> {
                int uid = i + 1;
                var flags = IntStream.range(0, 20).mapToObj(k -> "keyword-" + uid + "-" + k);
                return "* " + uid + " FETCH (UID " + uid + " FLAGS (" + flags.collect(Collectors.joining(" ")) + "))";
            });
            dialogue.say(tag + " OK");
        }

        @Override
        void prepare(ImapScript script) {
            script.on("SELECT .*", "* 50000 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 50001] ok", "{tag} OK");
        }

        @Override
        Object work(MailStore store) {
            return store.changes("INBOX", null);
        }
    },
    CHANGES_WITHOUT_END("SELECT .*QRESYNC.*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            dialogue.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 9] ok", "* OK [HIGHESTMODSEQ 9] ok");
            dialogue.say("* VANISHED (EARLIER) 1:4294967295", "* VANISHED (EARLIER) 1:499999");
            many(dialogue, 300_000, i -> "* 1 FETCH (UID " + (i + 1_001) + " FLAGS (\\Seen))");
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.changes("INBOX", new SyncState("2:7:500000:5:1:0"));
        }
    },
    NUMBERS_WITHOUT_END("UID SEARCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            many(dialogue, 100, i -> "* ESEARCH UID ALL 1:4999999");
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.search("INBOX", new SearchQuery.Larger(1), SortOrder.NEWEST_FIRST, 0, 10);
        }
    },
    MILLION_MAILBOXES("LIST .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            String padding = "x".repeat(300);
            many(dialogue, 100_000, i -> "* LIST (\\HasNoChildren) \"/\" \"" + padding + i + "\"");
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.mailboxes();
        }
    },
    LONG_NAMES("LIST .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            String padding = "x".repeat(100 << 10);
            for (int i = 0; i < 300; i++) {
                dialogue.say("* LIST (\\HasNoChildren) \"/\" \"" + padding + i + "\"");
            }
            dialogue.say("* LIST () \"/\" INBOX", tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.mailboxes();
        }
    },
    PREVIEWS_OF_A_MEGABYTE("UID FETCH .*PREVIEW.*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            String preview = "word ".repeat(200_000);
            for (int uid = 1; uid <= 60; uid++) {
                dialogue.say("* " + uid + " FETCH (UID " + uid + " PREVIEW {" + preview.length() + "}", preview + ")");
            }
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.previews(
                    "INBOX",
                    IntStream.rangeClosed(1, 60).mapToObj(uid -> id(uid)).toList());
        }
    },
    ONE_MESSAGE_MANY_TIMES("UID FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            String text = "x".repeat(1_000_000);
            for (int i = 0; i < 60; i++) {
                dialogue.say("* 1 FETCH (UID 1 BODY[HEADER] {0}", " BODY[1] {1000000}", text + ")");
            }
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) {
            return store.open("INBOX", id(1), Structures.unknown(9));
        }
    },
    BODIES_WITHOUT_END("UID FETCH .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            for (int i = 0; i < 60; i++) {
                dialogue.say("* 1 FETCH (UID 1 BODY[1] \"" + "x".repeat(1_000_000) + "\")");
            }
            dialogue.say(tag + " OK");
        }

        @Override
        Object work(MailStore store) throws IOException {
            var part = new BodyPart("1", "text/plain", null, null, null, null, "7bit", 5, List.of());
            store.writePart("INBOX", id(1), part, OutputStream.nullOutputStream());
            return part;
        }
    },
    FLAGS_AND_CAPABILITIES("SELECT .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            for (int i = 0; i < 5; i++) {
                dialogue.say("* OK [PERMANENTFLAGS (" + ("f" + i + "g ").repeat(200_000) + ")] ok");
                dialogue.say("* CAPABILITY IMAP4rev1 " + ("X" + i + "Y ").repeat(200_000) + "z".repeat(1_000_000));
                dialogue.say("* ENABLED " + ("E" + i + "F ").repeat(200_000));
            }
            dialogue.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", tag + " OK");
        }
    },
    NEWS_WITHOUT_END("IDLE") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            dialogue.say("+ idling");
            String padding = "x".repeat(100);
            many(dialogue, 1_000_000, i -> "* STATUS " + padding + i + " (MESSAGES 5)");
        }

        @Override
        void run(Upstream upstream, ServerLogin login) throws InterruptedException, ExecutionException {
            var lost = new CountDownLatch(1);
            try (var watch = upstream.watch(login, "INBOX", new Upstream.Watcher() {
                @Override
                public void connected() {}

                @Override
                public void mailboxChanged(String mailbox) {}

                @Override
                public void mailboxesChanged() {
                    lost.countDown();
                }

                @Override
                public void lost(UpstreamException why) {
                    lost.countDown();
                }
            })) {
                if (!lost.await(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("no news of the news");
                }
            }
        }
    },
    ARRIVALS_WITHOUT_END("UID FETCH 2:\\* .*") {
        @Override
        void answer(Dialogue dialogue, String tag) throws IOException {
            ROWS_NEVER_ASKED_FOR.answer(dialogue, tag);
        }

        @Override
        void prepare(ImapScript script) {
            script.once("IDLE", (dialogue, tag, command) -> {
                dialogue.say("+ idling", "* 2 EXISTS");
                dialogue.line();
                dialogue.say(tag + " OK");
            });
        }

        @Override
        void run(Upstream upstream, ServerLogin login) throws InterruptedException, ExecutionException {
            NEWS_WITHOUT_END.run(upstream, login);
        }
    };

    private static final String CAPABILITIES =
            "IMAP4rev1 AUTH=PLAIN SASL-IR ENABLE CONDSTORE QRESYNC ESEARCH IDLE PREVIEW LIST-EXTENDED LIST-STATUS";

    private final String command;

    HostileFlood(String command) {
        this.command = command;
    }

    abstract void answer(Dialogue dialogue, String tag) throws IOException;

    Object work(MailStore store) throws IOException {
        return store.newest("INBOX", 50);
    }

    void prepare(ImapScript script) {}

    void run(Upstream upstream, ServerLogin login) throws InterruptedException, ExecutionException {
        var all = new ArrayList<FutureTask<Object>>();
        for (int i = 0; i < 3; i++) {
            all.add(new FutureTask<>(() -> {
                try {
                    upstream.<Object, IOException>withStore(login, this::work);
                    System.out.println(this + " was borne");
                } catch (UpstreamException e) {
                    System.out.println(this + " was ended: " + e.getMessage());
                }
                return this;
            }));
        }
        all.forEach(Thread::startVirtualThread);
        for (var one : all) {
            one.get();
        }
    }

    private void flood(Upstream upstream, ServerLogin other, long accountId)
            throws InterruptedException, ExecutionException {
        var script = new ImapScript(CAPABILITIES);
        prepare(script);
        script.on(command, (dialogue, tag, line) -> answer(dialogue, tag));
        try (var server = ScriptedServer.tls(usual(script))) {
            var settings = server.settings(Security.TLS);
            var hostile = new ServerLogin(accountId, settings, settings, new Credentials("mallory", "secret"));
            var flood = new FutureTask<Object>(() -> {
                run(upstream, hostile);
                return this;
            });
            Thread.startVirtualThread(flood);
            int read = 0;
            do {
                int there = upstream.withStore(other, store -> store.newest("INBOX", 50))
                        .messages()
                        .size();
                if (there != 3) {
                    throw new AssertionError("another account sees " + there);
                }
                read++;
            } while (!isOver(flood));
            System.out.println(this + " over; the other account read " + read + " times meanwhile");
            upstream.forget(accountId);
        }
    }

    /** Runs the floods of these names; an OutOfMemoryError ends the JVM. */
    public static void main(String[] names) throws InterruptedException, ExecutionException {
        try (var upstream = new TestUpstream("read-timeout", "60s");
                var good = ScriptedServer.tls(good())) {
            var settings = good.settings(Security.TLS);
            var other = new ServerLogin(1, settings, settings, new Credentials("berta", "secret"));
            for (var name : names) {
                var flood = valueOf(name);
                flood.flood(upstream.upstream(), other, 2);
            }
        }
        System.out.println("ALL OVER");
    }

    private static ImapScript usual(ImapScript script) {
        return script.on("SELECT .*", "* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 2] ok", "{tag} OK")
                .on("LIST .*", "* LIST () \"/\" INBOX", "* STATUS INBOX (MESSAGES 1 UNSEEN 0)", "{tag} OK")
                .on("UID FETCH 1:\\* .*", "* 1 FETCH (UID 1 FLAGS ())", "{tag} OK")
                .on("(UID )?FETCH .*", row(1), "{tag} OK");
    }

    private static ImapScript good() {
        return new ImapScript("IMAP4rev1 AUTH=PLAIN SASL-IR")
                .on("SELECT .*", "* 3 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 4] ok", "{tag} OK")
                .on("FETCH .*", row(1), row(2), row(3), "{tag} OK");
    }

    private static boolean isOver(FutureTask<?> flood) throws InterruptedException, ExecutionException {
        try {
            flood.get(20, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** As fast as they can be sent: a record of TLS each would be a flood of the sender. */
    private static void many(Dialogue dialogue, int count, IntFunction<String> line) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(line.apply(i)).append("\r\n");
            if (lines.length() > 32 << 10 || i == count - 1) {
                dialogue.send(lines.toString().getBytes(US_ASCII));
                lines.setLength(0);
            }
        }
    }

    private static RemoteId id(long uid) {
        return Uids.id(7, uid);
    }

    private static String row(int number) {
        return "* " + number + " FETCH (UID " + number
                + " FLAGS () INTERNALDATE \" 2-Feb-2026 10:00:00 +0000\" RFC822.SIZE 100 ENVELOPE (\"Mon, 2 Feb 2026"
                + " 10:00:00 +0000\" \"Hello\" ((NIL NIL \"anna\" \"example.org\")) NIL NIL NIL NIL NIL NIL NIL)"
                + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1) BODY[HEADER.FIELDS (REFERENCES)] \"\")";
    }
}
