package dev.valija.upstream.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.ScriptedServer;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name server that says one thing to him who checks and another to him who connects. */
class RebindingTest {
    private static final String PUBLIC = "93.184.215.14";
    private static final String ALSO_PUBLIC = "93.184.215.15";

    /** Stands for what is within: nobody must ever reach it. */
    private final ScriptedServer within = ScriptedServer.tls(ScriptedServer.Dialogue::silence);

    private final ScriptedServer outside = ScriptedServer.plain(ScriptedServer.Dialogue::cut);

    @AfterEach
    void stop() {
        within.close();
        outside.close();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void theAddressThatWasCheckedIsTheOneConnectedTo(Dialect dialect) {
        var asked = new AtomicInteger();
        var network = network(new PlayedNetwork(name -> List.of(asked.getAndIncrement() == 0 ? PUBLIC : "127.0.0.1")));
        assertThatThrownBy(() -> dial(network, dialect)).isInstanceOf(UpstreamException.Unavailable.class);
        assertThat(network.connections).containsExactly(PUBLIC);
        assertThat(asked).hasValue(1);
        assertThat(outside.connections()).isOne();
        assertThat(within.connections()).isZero();
    }

    @Test
    void everyConnectionIsCheckedAnew() {
        var asked = new AtomicInteger();
        var network = network(new PlayedNetwork(name -> List.of(asked.getAndIncrement() == 0 ? PUBLIC : "127.0.0.1")));
        assertThatThrownBy(() -> dial(network, Dialect.HTTP)).isInstanceOf(UpstreamException.Unavailable.class);
        assertThatThrownBy(() -> dial(network, Dialect.HTTP)).isInstanceOf(UpstreamException.HostRefused.class);
        assertThat(network.connections).containsExactly(PUBLIC);
        assertThat(within.connections()).isZero();
    }

    /** Where the good address does not answer the next is tried: a bad one there must spoil the whole. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "64:ff9b::7f00:1", "2002:7f00:1::1"})
    void oneBadAddressAmongGoodOnesIsEnough(String bad) {
        for (var answers :
                List.of(List.of(PUBLIC, bad), List.of(bad, PUBLIC), List.of(PUBLIC, ALSO_PUBLIC, bad, ALSO_PUBLIC))) {
            var network = network(new PlayedNetwork(name -> answers).with(bad, within.port()));
            assertThatThrownBy(() -> dial(network, Dialect.HTTP)).isInstanceOf(UpstreamException.HostRefused.class);
            assertThat(network.connections).isEmpty();
        }
        assertThat(within.connections()).isZero();
    }

    private PlayedNetwork network(PlayedNetwork played) {
        return played.with(PUBLIC, outside.port()).with("127.0.0.1", within.port());
    }

    private static void dial(PlayedNetwork network, Dialect dialect) {
        new Dialer(TestUpstream.properties("allowed-hosts", ""), network)
                .dial(new ServerSettings("rebinding.example.org", 443, Security.TLS), dialect);
    }
}
