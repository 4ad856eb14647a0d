package dev.valija.followup;

import dev.valija.schedule.AccountWork;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FollowUpConfiguration {
    @Bean
    AccountWork followUpWork(Reminding reminding, FollowUpRows rows) {
        return new AccountWork(FollowUpRows.WORK, reminding::work, account -> rows.hurry(account, Instant.now()));
    }
}
