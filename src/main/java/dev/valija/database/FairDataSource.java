package dev.valija.database;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lends the pool's connections in the order in which they were asked for. Where all are lent, Hikari lets those who come
 * overtake those who wait: with two hundred requests at once some waited past their patience while others were served
 * again and again.
 */
final class FairDataSource extends DelegatingDataSource {
    private final Semaphore connections;
    private final long patience;

    FairDataSource(HikariDataSource pool) {
        super(pool);
        this.connections = new Semaphore(pool.getMaximumPoolSize(), true);
        this.patience = pool.getConnectionTimeout();
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            if (!connections.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException("no connection was free for " + patience + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
        }
        try {
            return returning(super.getConnection());
        } catch (SQLException | RuntimeException | Error e) {
            connections.release();
            throw e;
        }
    }

    private Connection returning(Connection lent) {
        var open = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(lent, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("close") && open.getAndSet(false)) {
                            connections.release();
                        }
                    }
                });
    }
}
