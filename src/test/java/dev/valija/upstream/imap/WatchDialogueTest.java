package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers tell a watch, and when: a server says once that something happened. */
class WatchDialogueTest {
    private static final String[] INBOX_ONLY = {"* LIST () \"/\" INBOX", "{tag} OK"};

    @AutoClose
    private final TestUpstream upstream = new TestUpstream("watch-poll", "100ms", "read-timeout", "5s");

    private final Told told = new Told();

    @ParameterizedTest
    @CsvSource({
        "LIST,* 2 EXISTS",
        "LIST,* 1 EXPUNGE",
        "LIST,* 1 FETCH (FLAGS (\\Seen))",
        "LSUB,* 2 EXISTS",
        "STATUS,* 2 EXISTS",
        "STATUS,* 1 EXPUNGE",
        "LIST-EXTENDED,* 2 EXISTS",
        "LIST-EXTENDED,* 1 FETCH (FLAGS (\\Seen))"
    })
    void newsOfTheWatchedMailboxThatComesWhileTheOthersAreLookedAtIsTold(String during, String news) {
        boolean extended = during.equals("LIST-EXTENDED");
        var script = idling(extended ? "IMAP4rev1 IDLE LIST-EXTENDED" : "IMAP4rev1 IDLE");
        var command = (extended ? "LIST" : during) + " .*";
        var answer = during.startsWith("LIST") ? INBOX_ONLY : new String[] {"{tag} OK"};
        // The first look comes before the watch stands; this is the second.
        script.once(command, answer).once(command, (dialogue, tag, line) -> {
            dialogue.say(news);
            for (var said : answer) {
                dialogue.say(said.replace("{tag}", tag));
            }
        });

        try (var server = ScriptedServer.tls(listing(script));
                var watch = upstream.upstream().watch(login(server), "INBOX", told)) {
            await().until(() -> told.contains("INBOX"));
        }
    }

    @Test
    void whereAServerTellsOfNoMailboxAnyMoreTheyAreLookedAt() {
        var script = new ImapScript("IMAP4rev1 IDLE NOTIFY")
                .on("SELECT .*", "* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 2] ok", "{tag} OK")
                .on("NOTIFY .*", "{tag} OK")
                .once("IDLE", (dialogue, tag, command) -> {
                    dialogue.say("+ idling", "* OK [NOTIFICATIONOVERFLOW] too much for me");
                    dialogue.line();
                    dialogue.say(tag + " OK");
                })
                .once("STATUS Sent .*", "* STATUS Sent (MESSAGES 3 UNSEEN 0)", "{tag} OK")
                .on("STATUS Sent .*", "* STATUS Sent (MESSAGES 4 UNSEEN 0)", "{tag} OK")
                .on("LIST .*", "* LIST () \"/\" INBOX", "* LIST () \"/\" Sent", "{tag} OK");

        try (var server = ScriptedServer.tls(listing(idling(script)));
                var watch = upstream.upstream().watch(login(server), "INBOX", told)) {
            await().until(() -> told.contains("Sent"));
            assertThat(told.all).startsWith("connected", "mailboxes").doesNotContain("INBOX");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    private static ImapScript idling(String capabilities) {
        return idling(new ImapScript(capabilities)
                .on("SELECT .*", "* 1 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 2] ok", "{tag} OK"));
    }

    private static ImapScript idling(ImapScript script) {
        return script.on("IDLE", (dialogue, tag, command) -> {
            dialogue.say("+ idling");
            dialogue.line();
            dialogue.say(tag + " OK");
        });
    }

    private static ImapScript listing(ImapScript script) {
        return script.on("LIST .*", INBOX_ONLY)
                .on("LSUB .*", "{tag} OK")
                .on("STATUS .*", "{tag} OK")
                .on("UID FETCH .*", "{tag} OK");
    }

    private static ServerLogin login(ScriptedServer server) {
        var settings = server.settings(Security.TLS);
        return new ServerLogin(1, settings, settings, new Credentials("anna@example.org", "secret"));
    }

    private static final class Told implements Upstream.Watcher {
        private final List<String> all = new CopyOnWriteArrayList<>();

        boolean contains(String news) {
            return all.contains(news);
        }

        @Override
        public void connected() {
            all.add("connected");
        }

        @Override
        public void mailboxChanged(String mailbox) {
            all.add(mailbox);
        }

        @Override
        public void mailboxesChanged() {
            all.add("mailboxes");
        }

        @Override
        public void lost(UpstreamException why) {
            all.add("lost " + why.getClass().getSimpleName());
        }
    }
}
