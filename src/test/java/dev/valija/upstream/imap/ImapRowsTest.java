package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImapRowsTest {

    /** Null is a row to be fetched in pieces, and bare where that fails too; an exception would be the end of the list. */
    @Test
    void whatCannotBeReadIsNothing() {
        assertThat(ImapRows.<String>readable(() -> "read")).isEqualTo("read");
        assertThat(ImapRows.<String>readable(ImapRowsTest::unthoughtOf)).isNull();
    }

    /** A bare row would stay in the index. */
    @Test
    void whoIsInterruptedHasReadNothing() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> ImapRows.<String>readable(ImapRowsTest::unthoughtOf))
                    .isInstanceOf(UnsupportedOperationException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static String unthoughtOf() {
        throw new UnsupportedOperationException();
    }
}
