package dev.valija.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.mailbox.MailboxChanged;
import dev.valija.mailbox.SyncProgressed;
import dev.valija.support.Api;
import dev.valija.support.EventReader;
import dev.valija.support.LiveTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@LiveTest
class EventStreamTests {
    @Autowired
    Api api;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    ChangeLog log;

    @Autowired
    Streams streams;

    @Autowired
    Listener listener;

    @Autowired
    JdbcClient jdbc;

    @LocalServerPort
    int port;

    @Test
    void whatHappensReachesEveryOpenStreamWithItsNumber() {
        var anna = person("anna");
        try (var one = anna.stream("");
                var two = anna.stream("")) {
            assertThat(one.header("Content-Type")).startsWith("text/event-stream");
            var before = Long.parseLong(one.nextId());
            assertThat(two.nextId()).isEqualTo("" + before);
            anna.receives(7, 1);
            var event = one.next();
            assertThat(event).isEqualTo(two.next());
            assertThat(event.name()).isEqualTo("message");
            assertThat(event.id()).isEqualTo("" + (before + 1));
            assertThat(event.data())
                    .isEqualTo("{\"many\": false, \"created\": [\"%1$d-1\"], \"updated\": [], ".formatted(anna.account)
                            + "\"accountId\": \"%1$d\", \"destroyed\": [], \"mailboxId\": \"%1$d-7\"}"
                                    .formatted(anna.account));
        }
    }

    @Test
    void nobodyHearsOfAnothersMail() {
        var bob = person("bob");
        var carol = person("carol");
        try (var hers = carol.stream("");
                var his = bob.stream("")) {
            hers.nextId();
            his.nextId();
            bob.receives(7, 1);
            carol.receives(8, 2);
            assertThat(hers.next().data()).contains("%d-8".formatted(carol.account));
            assertThat(his.next().data()).contains("%d-7".formatted(bob.account));
            assertThat(hers.rest()).isEmpty();
        }
    }

    @Test
    void whatWasRolledBackIsNeverTold() {
        var dora = person("dora");
        try (var stream = dora.stream("")) {
            stream.nextId();
            transaction.executeWithoutResult(status -> {
                dora.publish(7, 1);
                status.setRollbackOnly();
            });
            dora.receives(7, 2);
            assertThat(stream.next().data()).contains("%d-2".formatted(dora.account));
        }
    }

    @Test
    void ourOwnStreamsHearOfACommitWithoutTheListener() {
        var gina = person("gina-local");
        try (var stream = gina.stream("")) {
            stream.nextId();
            listener.stop();
            gina.receives(7, 1);
            assertThat(stream.next().data()).contains("%d-1".formatted(gina.account));
        } finally {
            listener.start();
        }
    }

    @Test
    void aReturningClientGetsWhatItMissedAndThenWhatComes() {
        var erik = person("erik");
        String seen;
        try (var stream = erik.stream("")) {
            stream.nextId();
            erik.receives(7, 1);
            seen = stream.next().id();
        }
        erik.receives(7, 2);
        erik.receives(7, 3);
        try (var stream = erik.stream("?since=" + seen)) {
            assertThat(stream.next(2))
                    .extracting(EventReader.Event::data)
                    .satisfiesExactly(
                            two -> assertThat(two).contains("-2\"]"),
                            three -> assertThat(three).contains("-3\"]"));
            erik.receives(7, 4);
            assertThat(stream.next().data()).contains("-4\"]");
            assertThat(stream.rest()).isEmpty();
        }
        var header = new EventReader(java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create("http://localhost:" + port + "/api/v1/events?since=0"))
                .header("Authorization", "Bearer " + erik.visitor.token())
                .header("Last-Event-ID", "" + (Long.parseLong(seen) + 2)));
        try (header) {
            assertThat(header.next().data()).contains("-4\"]");
        }
    }

    @Test
    void whoMissedTooMuchIsToldToReadAnew() {
        var fred = person("fred");
        for (int i = 1; i <= 60; i++) {
            fred.receives(7, i);
        }
        await().until(() -> log.trim(Duration.ofDays(7), 50).isEmpty());
        var last = log.head(fred.user).last();
        try (var stream = fred.stream("?since=1")) {
            var reset = stream.next();
            assertThat(reset.name()).isEqualTo("reset");
            assertThat(reset.id()).isEqualTo("" + last);
            fred.receives(7, 61);
            assertThat(stream.next().id()).isEqualTo("" + (last + 1));
        }
        try (var enough = fred.stream("?since=" + (last - 40))) {
            assertThat(enough.next().name()).isEqualTo("message");
        }
    }

    @Test
    void aStateOfAnotherDatabaseIsReset() {
        var gina = person("gina");
        try (var stream = gina.stream("?since=999999")) {
            assertThat(stream.next().name()).isEqualTo("reset");
        }
    }

    @Test
    void parallelTransactionsAreToldOnceEachAndInOrder() throws Exception {
        var hugo = person("hugo");
        var first = log.head(hugo.user).last();
        var total = 40;
        try (var stream = hugo.stream("");
                var workers = Executors.newFixedThreadPool(8)) {
            stream.nextId();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 1; i <= total; i++) {
                var message = i;
                running.add(workers.submit(() -> hugo.receives(7, message)));
            }
            for (var each : running) {
                each.get();
            }
            var told = stream.next(total);
            assertThat(told)
                    .extracting(EventReader.Event::id)
                    .containsExactlyElementsOf(LongStream.rangeClosed(first + 1, first + total)
                            .mapToObj(Long::toString)
                            .toList());
            assertThat(told).extracting(EventReader.Event::data).doesNotHaveDuplicates();
            assertThat(stream.rest()).isEmpty();
        }
    }

    @Test
    void aReaderThatStopsReadingDelaysNobody() throws IOException {
        var ida = person("ida");
        try (var dead = new Socket();
                var live = ida.stream("")) {
            dead.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
            dead.connect(new InetSocketAddress("localhost", port));
            dead.getOutputStream()
                    .write(("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + ida.visitor.token() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(dead.getInputStream().read()).isEqualTo('H');
            live.nextId();
            // 400 ids a time: far more than the buffers between the server and the dead reader hold
            var ids = IntStream.rangeClosed(1, 400).mapToObj(Long::valueOf).toList();
            for (int i = 0; i < 45; i++) {
                var mailboxes = 1L + i;
                transaction.executeWithoutResult(status -> events.publishEvent(new MailboxChanged(
                        ida.user, ida.account, mailboxes, List.of(), ids, ids.subList(0, 50), List.of())));
                assertThat(live.next().data()).contains("\"%d-%d\"".formatted(ida.account, mailboxes));
            }
        }
    }

    @Test
    void aRevokedTokenEndsItsStreamAtOnceAndNoOther() {
        var jan = person("jan");
        try (var stream = jan.stream("");
                var other = jan.stream("", jan.anotherToken())) {
            stream.nextId();
            other.nextId();
            var id = api.json(jan.visitor.get("/tokens"))
                    .at("/items")
                    .valueStream()
                    .filter(token -> token.required("current").asBoolean())
                    .findFirst()
                    .orElseThrow()
                    .required("id")
                    .asString();
            jan.visitor.delete("/tokens/" + id);
            assertThat(stream.ends()).isTrue();
            jan.receives(7, 1);
            assertThat(other.next().name()).isEqualTo("message");
            assertThat(jan.stream("").status()).isEqualTo(401);
        }
    }

    @Test
    void aSilentStreamSaysThatItIsThere() {
        var kim = person("kim");
        try (var stream = kim.stream("")) {
            await().atMost(Duration.ofSeconds(5)).until(() -> stream.comments() >= 3);
        }
    }

    @Test
    void aClientThatLeftIsForgotten() {
        var lea = person("lea");
        await().atMost(Duration.ofSeconds(10)).until(() -> streams.count() == 0); // those of the tests before
        var stream = lea.stream("");
        stream.nextId();
        assertThat(streams.count()).isEqualTo(1);
        stream.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> streams.count() == 0);
    }

    @Test
    void theOldestStreamGivesWayToTheSixth() {
        var max = person("max");
        var open = new ArrayList<EventReader>();
        try {
            for (int i = 0; i < 6; i++) {
                var stream = max.stream("");
                stream.nextId();
                open.add(stream);
            }
            assertThat(open.getFirst().ends()).isTrue();
            max.receives(7, 1);
            assertThat(open.get(1).next().name()).isEqualTo("message");
        } finally {
            open.forEach(EventReader::close);
        }
    }

    @Test
    void progressIsToldInPassing() {
        var nina = person("nina");
        try (var stream = nina.stream("")) {
            var id = stream.nextId();
            events.publishEvent(new SyncProgressed(nina.user, nina.account, 7, "syncing", 500, 2000));
            var event = stream.next();
            assertThat(event.name()).isEqualTo("sync");
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.data()).contains("\"done\":500");
            assertThat(log.head(nina.user).last()).isEqualTo(Long.parseLong(id));
        }
    }

    @Test
    void theListeningConnectionComesBackAndMissesNothing() {
        var olaf = person("olaf");
        try (var stream = olaf.stream("")) {
            stream.nextId();
            jdbc.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'valija push' and datname = current_database()")
                    .query(Boolean.class)
                    .list();
            olaf.receives(7, 1);
            assertThat(stream.next().name()).isEqualTo("message");
        }
    }

    @Test
    void atShutdownStreamsEndSoThatTheServerNeedNotWait() {
        var paul = person("paul");
        try (var stream = paul.stream("")) {
            stream.nextId();
            streams.stop();
            assertThat(stream.ends()).isTrue();
            assertThat(paul.stream("").ends()).as("a latecomer").isTrue();
        } finally {
            streams.start();
        }
        try (var stream = paul.stream("")) {
            stream.nextId();
            paul.receives(7, 1);
            assertThat(stream.next().name()).isEqualTo("message");
        }
    }

    @Test
    void changesTellTheSameAsTheStream() throws Exception {
        var rosa = person("rosa");
        var state = api.json(rosa.visitor.get("/changes")).at("/state").asString();
        rosa.receives(7, 1);
        rosa.receives(7, 2);
        var changes = api.json(rosa.visitor.get("/changes?since=" + state));
        assertThat(changes.at("/reset").asBoolean()).isFalse();
        assertThat(changes.at("/changes")).hasSize(2);
        assertThat(changes.at("/changes/1/data/created/0").asString()).isEqualTo(rosa.account + "-2");
        assertThat(changes.at("/changes/1/seq")).isEqualTo(changes.at("/state"));
        var next = api.json(
                rosa.visitor.get("/changes?since=" + changes.at("/state").asString()));
        assertThat(next.at("/changes")).isEmpty();
        assertThat(next.at("/state")).isEqualTo(changes.at("/state"));
        assertThat(api.json(rosa.visitor.get("/changes?since=424242"))
                        .at("/reset")
                        .asBoolean())
                .isTrue();
        assertThat(api.json(rosa.visitor.get("/changes?since=" + state + "&accountId=" + rosa.account))
                        .at("/changes"))
                .hasSize(2);
    }

    @Test
    void moreMessagesThanAListShouldHoldAreOnlyCounted() {
        var sven = person("sven");
        var ids = IntStream.rangeClosed(1, 501).mapToObj(Long::valueOf).toList();
        try (var stream = sven.stream("")) {
            stream.nextId();
            transaction.executeWithoutResult(status -> events.publishEvent(
                    new MailboxChanged(sven.user, sven.account, 7L, List.of(7L), List.of(), ids, List.of())));
            assertThat(stream.next().data()).contains("\"many\": true").contains("\"updated\": []");
            assertThat(stream.next().data()).contains("\"mailboxIds\": [\"%d-7\"]".formatted(sven.account));
        }
    }

    /** A user whose account nobody watches, since its password is known to be wrong: only the test makes news. */
    private Person person(String name) {
        return Person.of(name, api, jdbc, port, events, transaction);
    }
}
