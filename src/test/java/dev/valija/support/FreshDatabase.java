package dev.valija.support;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database that nobody else uses.
 *
 * <p>Copying the migrated template takes some 50 ms, so take one per test class:
 *
 * <pre>{@code
 * private static final DataSource DATABASE = FreshDatabase.migrated().dataSource();
 * private final JdbcClient jdbc = JdbcClient.create(DATABASE);
 * }</pre>
 *
 * <p>Between the tests of one class delete what they wrote, or let each test use an account of its own. Most data
 * sources do not pool.
 */
public record FreshDatabase(String url, String username, String password) {

    /** With what application.yaml opens connections. */
    public static final String OPTIONS = "-c enable_seqscan=off";

    static final String PREFIX = "valija_test_" + ProcessHandle.current().pid() + "_";
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A database with all migrations applied and no rows. */
    public static FreshDatabase migrated() {
        return copyOf(Template.NAME);
    }

    /** A database without any table. */
    public static FreshDatabase empty() {
        return copyOf("template0");
    }

    /** Connects anew for each {@code getConnection()}. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(username);
        source.setPassword(password);
        source.setOptions(OPTIONS);
        return source;
    }

    /** For a class whose tests ask often: to connect takes longer than most statements do. */
    public DataSource pooled() {
        var pool = new HikariDataSource();
        pool.setDataSource(dataSource());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(10_000);
        return pool;
    }

    /** As when the server is stopped: who is connected is thrown out, and nobody gets in. */
    public void goesDown() {
        TestPostgres server = TestPostgres.running();
        server.execute("alter database " + name() + " allow_connections false");
        server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name() + "'");
    }

    /** As when the server has started again. */
    public void comesBack() {
        TestPostgres.running().execute("alter database " + name() + " allow_connections true");
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static FreshDatabase copyOf(String template) {
        String name = PREFIX + COUNT.incrementAndGet();
        TestPostgres server = TestPostgres.running();
        server.execute("create database " + name + " template " + template);
        return server.database(name);
    }

    /** Migrated once per JVM, at first use. */
    private static final class Template {

        static final String NAME = migrate();

        private static String migrate() {
            FreshDatabase database = empty();
            Flyway.configure().dataSource(database.dataSource()).load().migrate();
            return database.name();
        }
    }
}
