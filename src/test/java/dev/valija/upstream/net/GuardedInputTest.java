package dev.valija.upstream.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The bounds of what comes, each on its own: over a connection another would often come first. */
class GuardedInputTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aLineHasAnEnd() throws IOException {
        var lines = "0123456789\n".repeat(100);
        assertThat(guarded(stream(lines), 10, MINUTE).readAllBytes()).hasSize(lines.length());
        assertThatThrownBy(() -> guarded(stream("01234567890\n"), 10, MINUTE).readAllBytes())
                .isInstanceOf(GuardException.class);
    }

    @Test
    void noMoreComesThanIsAllowed() throws IOException {
        var input = guarded(stream("x".repeat(101)), Integer.MAX_VALUE, MINUTE);
        input.expect(100);
        assertThatThrownBy(input::readAllBytes).isInstanceOf(GuardException.class);
    }

    @Test
    void anOctetNowAndThenIsNoAnswer() {
        var patience = Duration.ofNanos(1_000);
        assertThatThrownBy(() ->
                        guarded(new Slow(patience), Integer.MAX_VALUE, patience).readNBytes(10))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("trickles");
    }

    private static GuardedInput guarded(InputStream in, int longestLine, Duration patience) {
        return new GuardedInput(in, () -> {}, longestLine, patience);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** One octet in each stretch of patience, and a little later. */
    private static final class Slow extends InputStream {
        private final long nanos;

        Slow(Duration patience) {
            this.nanos = patience.toNanos() + 1;
        }

        @Override
        public int read() {
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                Thread.onSpinWait();
            }
            return 'x';
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            into[offset] = (byte) read();
            return 1;
        }
    }
}
