package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class FreshDatabaseTests {

    @Test
    void twoDatabasesDoNotSeeEachOther() {
        JdbcClient one = JdbcClient.create(FreshDatabase.empty().dataSource());
        JdbcClient other = JdbcClient.create(FreshDatabase.empty().dataSource());

        one.sql("create table note (body text)").update();

        assertThat(tables(one)).isEqualTo(1);
        assertThat(tables(other)).isZero();
    }

    @Test
    void aMigratedDatabaseHasEveryMigrationApplied() {
        JdbcClient jdbc = JdbcClient.create(FreshDatabase.migrated().dataSource());

        Integer failed = jdbc.sql("select count(*) from flyway_schema_history where not success")
                .query(Integer.class)
                .single();

        assertThat(failed).isZero();
        assertThat(tables(jdbc)).isGreaterThan(1);
    }

    private static int tables(JdbcClient jdbc) {
        return jdbc.sql("select count(*) from information_schema.tables where table_schema = 'public'")
                .query(Integer.class)
                .single();
    }
}
