package dev.valija.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Has alarms go off, on one of the nodes each: db-scheduler, with one cheap look every few seconds. */
@Component
class Schedule implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Schedule.class);
    private static final Duration LOOK = Duration.ofSeconds(4);
    /** Four that are missed in a row, and a node is taken for dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final int MISSED_HEARTBEATS = 4;
    /** Most of them wait for a mail server, without a connection to the database. */
    private static final int MOST_AT_ONCE = 32;
    /** Together with what the library takes to end its own threads within the time that a phase of the shutdown has. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(15);
    private static final int MOST_DOUBLINGS = 7;

    private final DataSource database;
    private final List<AccountWork> works;
    private @Nullable Scheduler running;

    Schedule(DataSource database, List<AccountWork> works) {
        this.database = database;
        this.works = works;
    }

    static JdbcCustomization postgreSql() {
        return new PostgreSqlJdbcCustomization(false, false);
    }

    /** A scheduler that was stopped cannot be started again, so each start makes one. */
    @Override
    public synchronized void start() {
        var scheduler = Scheduler.create(
                        database, works.stream().<Task<?>>map(Schedule::task).toList())
                .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                .serializer(NoData.INSTANCE)
                .jdbcCustomization(postgreSql())
                .threads(MOST_AT_ONCE)
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("alarm-", 0).factory()))
                // All that is due in one statement: else each would take a connection to be picked, from who reads
                // mail.
                .pollUsingLockAndFetch(0.5, 1)
                .pollingInterval(LOOK)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(PATIENCE)
                .failureLogging(LogLevel.OFF, false)
                .build();
        scheduler.start();
        running = scheduler;
    }

    /** Takes nothing more. What is not ended in time is taken up by another node, or after the next start. */
    @Override
    public synchronized void stop() {
        if (running != null) {
            running.stop();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    private static Task<Void> task(AccountWork work) {
        return Tasks.oneTime(work.name())
                .onFailure((failed, operations) ->
                        operations.reschedule(failed, failed.getTimeDone().plus(backoff(failed))))
                .execute((instance, context) -> run(work, Alarms.account(instance.getId())));
    }

    private static void run(AccountWork work, long account) {
        try {
            work.work().accept(account);
        } catch (RuntimeException e) {
            log.error("{} of account {} is tried again later", work.name(), account, e);
            throw e;
        }
    }

    private static Duration backoff(ExecutionComplete failed) {
        int doublings = Math.min(failed.getExecution().consecutiveFailures, MOST_DOUBLINGS);
        return SHORTEST_BACKOFF.multipliedBy(1L << doublings);
    }
}
