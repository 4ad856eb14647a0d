package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.ApiTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.config.ScheduledTaskHolder;

@ApiTest
class ScheduleTests {
    @Autowired
    ScheduledTaskHolder schedule;

    @Test
    void whatIsToBeDoneNowAndThenIsOnTheSchedule() {
        assertThat(schedule.getScheduledTasks())
                .extracting(task -> task.getTask().toString())
                .contains(
                        "dev.valija.contact.Learning.beat",
                        "dev.valija.mailbox.Auditing.beat",
                        "dev.valija.mailbox.MoveRepair.repair",
                        "dev.valija.push.Trimming.trim",
                        "dev.valija.upload.UploadExpiry.expire");
    }
}
