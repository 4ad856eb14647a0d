package dev.valija.collection;

import dev.valija.schedule.AccountWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CollectionConfiguration {
    @Bean
    AccountWork collectionWork(Collecting collecting) {
        return new AccountWork(CollectionRows.WORK, collecting::work);
    }
}
