package dev.valija.schedule;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/** When {@link AccountWork} is to be done. They are kept in the database, and outlive all nodes. */
@Component
public class Alarms {
    private final SchedulerClient client;

    Alarms(DataSource database) {
        client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(database))
                .serializer(NoData.INSTANCE)
                .jdbcCustomization(Schedule.postgreSql())
                .build();
    }

    /**
     * Sets one, together with what else the caller's transaction writes. Others of the same account stay as they are: one
     * that is not needed any more finds nothing to do, and to move one while it goes off is what the library cannot do.
     */
    public void set(String work, long accountId, Instant when) {
        client.scheduleIfNotExists(new TaskInstance<>(work, accountId + "/" + UUID.randomUUID()), when);
    }

    /** The account that an alarm is for. */
    static long account(String instance) {
        return Long.parseLong(instance.substring(0, instance.indexOf('/')));
    }
}
