package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MailDateFormat;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsualDateTests {
    @Test
    void itAgreesWithTheGeneralParserOnAnyDate() throws ParseException {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            var date = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L));
            var zone = ZoneOffset.ofTotalSeconds(random.nextInt(-72, 73) * 600);
            var text = java.time.format.DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", java.util.Locale.US)
                    .format(date.atOffset(zone));
            assertThat(UsualDate.parse(text)).as(text).isEqualTo(date);
            assertThat(new MailDateFormat().parse(text).toInstant()).isEqualTo(date);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Wed",
                "Wed, 10 Sep 2025 22:26",
                "Wed, 10 Sep 2025 22:26:10",
                "Wed, 10 Sep 2025 22:26:10 GMT",
                "Wed, 10 Sep 25 22:26:10 +0000",
                "10 Sep 2025 22:26:10 +0000",
                "Wed, 31 Feb 2025 22:26:10 +0000",
                "Wed, 10 Foo 2025 22:26:10 +0000",
                "Wed, 10 Sep 2025 25:26:10 +0000",
                "Wed, 10 Sep 2025 22:26:60 +0000",
                "Wed, 10 Sep 2025 22:26:10 +9900",
                "Wed, 10 Sep 2025 22:26:10 +00000",
                "Wed,  10 Sep 2025 22:26:10 +0000",
                "Wed, -1 Sep 2025 22:26:10 +0000"
            })
    void anyOtherFormIsLeftToOthers(String text) {
        assertThat(UsualDate.parse(text)).isNull();
    }

    @Test
    void aCommentMayFollow() {
        assertThat(UsualDate.parse("Wed, 3 Sep 2025 22:26:10 +0900 (JST)"))
                .isEqualTo(Instant.parse("2025-09-03T13:26:10Z"));
    }
}
