package dev.valija.snooze;

import dev.valija.schedule.AccountWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SnoozeConfiguration {
    @Bean
    AccountWork snoozeWork(Waking waking) {
        return new AccountWork(SnoozeRows.WORK, waking::work);
    }
}
