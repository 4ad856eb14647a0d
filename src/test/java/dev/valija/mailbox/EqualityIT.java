package dev.valija.mailbox;

import dev.valija.support.FreshDatabase;
import dev.valija.support.TestUpstream;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever two users do through us over lines that break, and a third straight at the server: at rest the index equals
 * the server, and no action has hit another message than the one it named.
 *
 * <p>30 seeds by default. A thousand, or one again:
 * {@code ./mvnw verify -Dskip.frontend -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=EqualityIT
 * -Dvalija.equality.seeds=1000}, {@code … -Dvalija.equality.first=17 -Dvalija.equality.seeds=1}.
 */
class EqualityIT {
    private static final EqualityServers SERVERS = new EqualityServers();
    private static FreshDatabase database;
    private static List<TestUpstream> upstreams;

    static LongStream seeds() {
        long first = Long.getLong("valija.equality.first", 1);
        return LongStream.range(first, first + Long.getLong("valija.equality.seeds", 30));
    }

    @BeforeAll
    static void start() {
        SERVERS.of(EqualityServers.Rung.QRESYNC); // skips all where there is no Dovecot
        database = FreshDatabase.migrated();
        upstreams = List.of(new TestUpstream(), new TestUpstream());
    }

    @AfterAll
    static void stop() {
        if (upstreams != null) {
            upstreams.forEach(TestUpstream::close);
        }
        SERVERS.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void atRestTheIndexEqualsTheServerAndNoActionHitAnotherMessage(long seed) {
        var rung = EqualityServers.Rung.of(seed);
        try (var run = new EqualityRun(seed, rung, SERVERS.of(rung), database, upstreams)) {
            run.run();
        }
    }
}
