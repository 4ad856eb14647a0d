package dev.valija.snooze;

import dev.valija.schedule.AccountWork;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SnoozeConfiguration {
    @Bean
    AccountWork snoozeWork(Waking waking, SnoozeRows rows) {
        return new AccountWork(SnoozeRows.WORK, waking::work, account -> rows.hurry(account, Instant.now()));
    }
}
