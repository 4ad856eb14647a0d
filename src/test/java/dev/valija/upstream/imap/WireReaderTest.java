package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.net.GuardException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of one response, each on its own: over a connection another would often come first. */
class WireReaderTest {
    private static final int MEGABYTE = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(1L << 30);

    @Test
    void ofAResponseOfManyLiteralsSomeAreKept() throws IOException {
        var literal = "{" + MEGABYTE + "}\r\n" + "x".repeat(MEGABYTE);
        var reader = reading(IntStream.range(0, 100)
                .mapToObj(i -> stream(i == 0 ? "* 1 FETCH (A " + literal : " B " + literal))
                .toArray(InputStream[]::new));

        assertThat(reader.readResponse().getCount()).isBetween(16 * MEGABYTE, 33 * MEGABYTE);
        assertThat(reader.lastWasCut()).isTrue();
    }

    @Test
    void aResponseThatDoesNotEndEndsTheConnection() {
        assertThatThrownBy(() -> reading(stream("* 1 FETCH (A {300000000}\r\n")).readResponse())
                .isInstanceOf(GuardException.class);
    }

    @Test
    void aBodyOfBillionsIsNotStreamed() {
        var reader = reading(stream("* 1 FETCH (BODY[] {5000000000}\r\n"));
        reader.streamBodies(OutputStream.nullOutputStream());
        assertThatThrownBy(reader::readResponse).isInstanceOf(GuardException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000000000000000000", "18446744073709551617", "340282366920938463463374607431768211457"})
    void aSizeThatNoNumberHoldsIsNotTakenForASmallOne(String size) {
        assertThatThrownBy(() ->
                        reading(stream("* 1 FETCH (A {" + size + "}\r\nx)\r\n")).readResponse())
                .isInstanceOf(GuardException.class);
    }

    @Test
    void onlyWhatIsLargeIsCountedAsHeld() throws IOException {
        var reader = reading(stream("* " + "x".repeat(20_000) + "\r\n* " + "x".repeat(200_000) + "\r\n* OK\r\n"));

        reader.readResponse();
        assertThat(budget.held()).isZero();
        reader.readResponse();
        assertThat(budget.held()).isBetween(200_000L, 500_000L);
        reader.readResponse();
        assertThat(budget.held()).isZero();
    }

    private WireReader reading(InputStream... input) {
        var all = new SequenceInputStream(Collections.enumeration(IntStream.rangeClosed(0, input.length)
                .mapToObj(i -> i < input.length ? input[i] : stream(")\r\n"))
                .toList()));
        return new WireReader(all, budget.open(1));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
