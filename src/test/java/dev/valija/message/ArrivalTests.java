package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalTests {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00.5Z");
    private static final String DATE = "|Date: Mon, 2 Feb 2026 10:00:00 +0000";

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "Received: from a by b; Tue, 3 Feb 2026 11:00:00 +0100|Received: by c; Mon, 2 Feb 2026 09:00:00 +0000 ! 2026-02-03T10:00:00Z",
                "Received: from a (x; y) by b|\tfor <c>; Tue, 3 Feb 2026 11:00:00 +0100 (CET) ! 2026-02-03T10:00:00Z",
                "Received: from a by b; Thu, 1 Jan 1970 00:00:00 +0000 ! 2026-02-02T10:00:00Z",
                "Received: from a by b; Tue, 3 Feb 2099 11:00:00 +0100 ! 2026-02-02T10:00:00Z",
                "Received: nothing ! 2026-02-02T10:00:00Z",
                "Subject: x ! 2026-02-02T10:00:00Z",
            })
    void theLastServersTimeCountsWhereItIsOne(String header, Instant expected) {
        assertThat(arrival(header + DATE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Subject: x", "Date: never", "'Date: Sat, 1 Jan 2050 00:00:00 +0000'"})
    void withoutAnyTimeItIsNow(String header) {
        assertThat(arrival(header)).isEqualTo(Instant.parse("2026-11-27T12:00:00Z"));
    }

    private static Instant arrival(String header) {
        return Arrival.of((header.replace("|", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII), NOW);
    }
}
