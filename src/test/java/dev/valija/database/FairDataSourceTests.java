package dev.valija.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.valija.support.FreshDatabase;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FairDataSourceTests {
    private final HikariDataSource pool = new HikariDataSource();
    private FairDataSource fair;

    @BeforeEach
    void open() {
        var database = FreshDatabase.empty();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(1_000);
        fair = new FairDataSource(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void whoComesDoesNotOvertakeWhoWaits() throws Exception {
        for (int round = 0; round < 20; round++) {
            var served = new AtomicBoolean();
            var lent = fair.getConnection();
            var waiting = Thread.ofPlatform().start(() -> {
                try (var connection = fair.getConnection()) {
                    served.set(connection.isValid(1));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            lent.close();
            try (var next = fair.getConnection()) {
                assertThat(served).isTrue();
                assertThat(next.isValid(1)).isTrue();
            }
            waiting.join();
        }
    }

    @Test
    void aConnectionClosedTwiceIsOneConnection() throws Exception {
        var twice = fair.getConnection();
        twice.close();
        twice.close();
        try (var lent = fair.getConnection()) {
            assertThat(lent.isValid(1)).isTrue();
            assertThatThrownBy(fair::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("1000 ms");
        }
    }

    @Test
    void whatCouldNotBeLentIsNotLent() throws Exception {
        pool.getConnection().close();
        pool.close();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(fair::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageNotContaining("was free");
        }
    }
}
