package dev.valija.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.mailbox.query.QuerySyntaxException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A query is understood or refused with a reason, whatever was typed: {@code JAZZER_FUZZ=1 ./mvnw test -Dskip.frontend
 * -Dtest=QueryFuzzTests} types more than the seeds.
 */
class QueryFuzzTests {

    static Stream<String> queries() {
        return Stream.of(
                "",
                "plan",
                "\"two words\" OR from:anna",
                "-subject:\"say \\\"hi\\\"\" larger:5M before:2026-01-31",
                "in:\"Sent Items\" has:attachment is:unread",
                "OR OR -",
                "from:",
                "\"",
                "after:9999-99-99 smaller:999999999999999G",
                "\u202efrom:\ud83d x\0y");
    }

    @MethodSource("queries")
    @FuzzTest(maxDuration = "5m")
    void everyQueryIsUnderstoodOrRefused(String query) {
        if (query == null) {
            return; // what the fuzzer starts with
        }
        try {
            assertThat(QueryParser.parse(query)).isNotNull();
        } catch (QuerySyntaxException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
