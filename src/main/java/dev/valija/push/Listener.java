package dev.valija.push;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Hears the signals of all nodes on one database connection of its own, for as long as the node runs. */
@Component
class Listener implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int RETRY_MILLIS = 1_000;

    private final JdbcConnectionDetails database;
    private final Signals signals;
    private final Streams streams;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Connection connection;

    Listener(JdbcConnectionDetails database, Signals signals, Streams streams) {
        this.database = database;
        this.signals = signals;
        this.streams = streams;
    }

    @Override
    public void start() {
        var started = Thread.ofVirtual().name("push-listener").unstarted(this::run);
        thread = started; // known before it runs, since it looks whether it should
        started.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
        var open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("The listening connection was gone already", e);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        while (isRunning()) {
            try (var opened = connect()) {
                connection = opened;
                listen(opened);
            } catch (SQLException e) {
                if (isRunning()) {
                    log.warn("Listening for changes was interrupted, trying again: {}", e.getSQLState());
                    pause();
                }
            }
        }
    }

    private void listen(Connection opened) throws SQLException {
        try (var statement = opened.createStatement()) {
            statement.execute("listen " + Signals.CHANNEL);
        }
        streams.wakeAll(); // for what was said while nobody listened
        var postgres = opened.unwrap(PGConnection.class);
        while (isRunning()) {
            var heard = postgres.getNotifications(PATIENCE_MILLIS);
            if (heard == null || heard.length == 0) {
                try (var statement = opened.createStatement()) {
                    statement.execute("select 1"); // a dead peer is noticed by talking to it
                }
                continue;
            }
            for (var notification : heard) {
                pass(notification.getParameter());
            }
        }
    }

    private void pass(String payload) {
        try {
            streams.hear(signals.read(payload));
        } catch (RuntimeException e) {
            log.warn("A signal was not understood; is another version running?", e); // never the end of listening
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        var username = database.getUsername();
        var password = database.getPassword();
        if (username != null) {
            properties.setProperty("user", username);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "valija push");
        properties.setProperty("connectTimeout", "5");
        // Answers come at once or after the patience; longer silence is a dead peer.
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(database.getJdbcUrl(), properties);
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
