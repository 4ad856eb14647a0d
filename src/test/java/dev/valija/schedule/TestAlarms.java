package dev.valija.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Alarms without a clock of their own: the test says what time it is. */
public final class TestAlarms {

    /** Those kept in that database. */
    public static Alarms of(DataSource database) {
        return new Alarms(database);
    }

    /** Takes those of an account that are due by then. @return how many there were */
    public static int due(JdbcClient jdbc, String work, long account, Instant now) {
        return jdbc.sql("""
                        delete from scheduled_tasks
                         where task_name = ? and task_instance like ? || '/%' and execution_time <= ?
                        """)
                .param(work)
                .param(account)
                .param(now.atOffset(ZoneOffset.UTC))
                .update();
    }

    private TestAlarms() {}
}
