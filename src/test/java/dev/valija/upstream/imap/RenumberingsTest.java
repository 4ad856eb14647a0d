package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RenumberingsTest {
    private Duration time = Duration.ZERO;
    private final Renumberings renumberings = new Renumberings(() -> time.toNanos());

    @Test
    void oneNumberingThatManyComeUponIsOne() {
        for (int i = 0; i < 20; i++) {
            assertThatNoException().isThrownBy(() -> renumberings.note(1, "INBOX", 7));
        }
    }

    @Test
    void whoKeepsAskingDoesNotWaitForEver() {
        for (int i = 0; i < 3; i++) {
            renumberings.note(1, "INBOX", i);
        }
        for (int minute = 1; minute < 10; minute++) {
            time = Duration.ofMinutes(minute);
            assertThatThrownBy(() -> renumberings.note(1, "INBOX", 3))
                    .isInstanceOf(UpstreamException.Unavailable.class);
        }
        time = Duration.ofMinutes(10);
        assertThatNoException().isThrownBy(() -> renumberings.note(1, "INBOX", 3));
    }

    @Test
    void manyNumberingsAreTooMany() {
        for (int i = 0; i < 3; i++) {
            renumberings.note(1, "INBOX", i);
        }
        assertThatThrownBy(() -> renumberings.note(1, "INBOX", 3)).isInstanceOf(UpstreamException.Unavailable.class);
        assertThatNoException().isThrownBy(() -> renumberings.note(1, "Archive", 3));
    }
}
