package dev.valija.followup;

import dev.valija.schedule.AccountWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FollowUpConfiguration {
    @Bean
    AccountWork followUpWork(Reminding reminding) {
        return new AccountWork(FollowUpRows.WORK, reminding::work);
    }
}
