package dev.valija.support;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Gives a Spring test an empty, migrated PostgreSQL database of its own.
 *
 * <p>{@code @SpringBootTest @Import(TestDatabase.class)} is all it takes. Contexts that Spring's test cache shares also
 * share the database. Tests without Spring call {@link FreshDatabase#migrated()}.
 */
@TestConfiguration(proxyBeanMethods = false)
public class TestDatabase {

    @Bean
    JdbcConnectionDetails freshDatabase() {
        FreshDatabase database = FreshDatabase.migrated();
        return new JdbcConnectionDetails() {
            @Override
            public String getJdbcUrl() {
                return database.url();
            }

            @Override
            public String getUsername() {
                return database.username();
            }

            @Override
            public String getPassword() {
                return database.password();
            }
        };
    }
}
