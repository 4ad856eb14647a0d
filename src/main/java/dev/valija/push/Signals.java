package dev.valija.push;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Sends signals to all nodes, this one included. */
@Component
class Signals {
    static final String CHANNEL = "valija_push";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Signals(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Within a transaction it is sent when that commits, and once however often it is said. */
    void send(Signal signal) {
        // Written as the interface: the subtype's name is told from that.
        var text = json.writerFor(Signal.class).writeValueAsString(signal);
        jdbc.sql("select pg_notify(?, ?)")
                .params(CHANNEL, text)
                .query((row, n) -> n)
                .list();
    }

    Signal read(String payload) {
        return json.readValue(payload, Signal.class);
    }
}
