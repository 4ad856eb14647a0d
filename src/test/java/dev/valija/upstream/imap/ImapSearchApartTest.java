package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ImapScript;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.MailStore.Lookback;
import dev.valija.upstream.MailStore.LookedAt;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SearchQuery.Field;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long searches: beside the connections of readers, and given up at once. */
class ImapSearchApartTest {
    private static final SearchQuery ZEBRA = new SearchQuery.Text(Field.BODY, "zebra");
    private static final String[] SELECTED = {
        "* 9 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 91] ok", "{tag} OK [READ-WRITE] done"
    };

    /** One connection for readers: none is left when it is lent. */
    private final TestUpstream upstream =
            new TestUpstream("read-timeout", "30s", "connection-patience", "1s", "connections-per-account", "1");

    private final CountDownLatch searching = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private ScriptedServer server;

    @AfterEach
    void stop() {
        upstream.close();
        server.close();
    }

    private void serve(ImapScript script) {
        server = ScriptedServer.tls(script);
    }

    private ServerLogin login() {
        var settings = server.settings(Security.TLS);
        return new ServerLogin(1, settings, settings, new Credentials("anna", "secret"));
    }

    private static ImapScript script(String capabilities) {
        return new ImapScript("IMAP4rev1 AUTH=PLAIN SASL-IR " + capabilities).on("SELECT .*", SELECTED);
    }

    private LookedAt lookBack(Interruption interruption, Lookback stretch) {
        return upstream.upstream()
                .withStoreApart(login(), interruption, store -> store.lookBack("INBOX", ZEBRA, stretch));
    }

    /** A server that reads message after message and hears nothing meanwhile, but that the other side hangs up. */
    private ImapScript searchingForEver() {
        return script("ESEARCH")
                .on("FETCH .*", "* 5 FETCH (UID 50)", "{tag} OK")
                .on("UID SEARCH .*", (dialogue, tag, command) -> {
                    searching.countDown();
                    try {
                        dialogue.line();
                    } catch (IOException e) {
                        hungUp.countDown();
                        throw e;
                    }
                });
    }

    @Test
    void aSearchIsGivenUpAtOnceAndNobodyWhoReadsWaitsForIt() throws Exception {
        serve(searchingForEver());
        var interruption = new Interruption();
        var search = new CompletableFuture<LookedAt>();
        Thread.ofVirtual().start(() -> {
            try {
                search.complete(lookBack(interruption, Lookback.newest(5)));
            } catch (RuntimeException e) {
                search.completeExceptionally(e);
            }
        });
        assertThat(searching.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(upstream.upstream().<Integer, RuntimeException>withStore(login(), store -> 1))
                .isEqualTo(1);
        assertThat(upstream.upstream()
                        .<Boolean, RuntimeException>withStore(
                                login(), store -> store.capabilities().isEmpty()))
                .isFalse();
        assertThat(search).isNotDone();
        interruption.interrupt();

        assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(search::join).hasCauseInstanceOf(UpstreamException.Unavailable.class);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionThatRestsMakesRoomWhereTheServerAllowsNoOther() {
        var signIns = new AtomicInteger();
        var firstEnded = new CompletableFuture<Void>();
        server = ScriptedServer.tls(dialogue -> {
            boolean[] first = {false};
            try {
                script("ESEARCH")
                        .on("AUTHENTICATE .*", (d, tag, command) -> {
                            int number = signIns.incrementAndGet();
                            first[0] = number == 1;
                            boolean room = number != 2;
                            if (number > 2) {
                                room = firstEnded
                                        .thenApply(ended -> true)
                                        .completeOnTimeout(false, 5, TimeUnit.SECONDS)
                                        .join();
                            }
                            d.say(tag + (room ? " OK" : " NO [LIMIT] Maximum number of connections"));
                        })
                        .on("FETCH .*", "* 5 FETCH (UID 50)", "{tag} OK")
                        .on("UID SEARCH .*", "* ESEARCH (TAG \"x\") UID ALL 60", "{tag} OK")
                        .run(dialogue);
            } finally {
                if (first[0]) {
                    firstEnded.complete(null);
                }
            }
        });
        upstream.upstream().verify(login());
        assertThat(lookBack(new Interruption(), Lookback.newest(5)).found()).containsExactly(id(60));
    }

    @Test
    void whatIsInterruptedBeforeItBeginsIsNotBegun() {
        serve(searchingForEver());
        var interruption = new Interruption();
        interruption.interrupt();
        assertThatThrownBy(() -> lookBack(interruption, Lookback.newest(5)))
                .isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(server.connections()).isZero();
    }

    @Test
    void theConnectionIsKeptForTheNextStretch() {
        serve(script("ESEARCH")
                .on("FETCH 5 \\(UID\\)", "* 5 FETCH (UID 50)", "{tag} OK")
                .on("UID SEARCH .* UID 50:\\* UNDELETED BODY zebra", "* ESEARCH (TAG \"x\") UID ALL 60,90", "{tag} OK")
                .on("UID SEARCH .* UID 1:49 UNDELETED BODY zebra", "* ESEARCH (TAG \"x\") UID ALL 10", "{tag} OK"));

        var newest = lookBack(new Interruption(), Lookback.newest(5));
        assertThat(newest).isEqualTo(new LookedAt(List.of(id(60), id(90)), id(50), 4));
        assertThat(lookBack(new Interruption(), new Lookback(newest.from(), newest.left(), 5)))
                .isEqualTo(new LookedAt(List.of(id(10)), null, 0));
        assertThat(server.connections()).isEqualTo(1);
        var renumbered = new Lookback(new RemoteId(8L << 32 | 50), 4, 5);
        assertThatThrownBy(() -> lookBack(new Interruption(), renumbered))
                .isInstanceOf(UpstreamException.NotFound.class);
    }

    @ParameterizedTest
    @CsvSource({"ESEARCH, BODY zebra", "ESEARCH SEARCH=FUZZY, FUZZY BODY zebra"})
    void anIndexOfWordsIsUsedWhereThereIsOne(String capabilities, String key) {
        serve(script(capabilities).on("UID SEARCH .* UNDELETED " + key, "* ESEARCH UID ALL 60", "{tag} OK"));
        assertThat(lookBack(new Interruption(), Lookback.newest(100)).found()).containsExactly(id(60));
    }

    private static RemoteId id(long uid) {
        return new RemoteId(7L << 32 | uid);
    }
}
