package dev.valija.retention;

import dev.valija.schedule.AccountWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {
    @Bean
    AccountWork retentionWork(Departing departing, OperatorsRules operators) {
        return new AccountWork(VisitRows.WORK, departing::work, operators::begin);
    }
}
