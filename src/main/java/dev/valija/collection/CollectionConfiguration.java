package dev.valija.collection;

import dev.valija.schedule.AccountWork;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {
    @Bean
    AccountWork collectionWork(Collecting collecting, CollectionRows rows) {
        return new AccountWork(CollectionRows.WORK, collecting::work, account -> rows.hurry(account, Instant.now()));
    }
}
