package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.UpstreamException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence sets as servers say them, honest or not. */
class UidsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1|1", "1:3|3", "3:1|3", "1,5:6|3", "1:4294967295|4294967295", "4294967295|1"})
    void aSetHoldsSoMany(String set, long count) {
        assertThat(Uids.count(set)).isEqualTo(count);
    }

    @Test
    void aSetIsReadInItsOwnOrder() {
        assertThat(Uids.list("7,3:1,9:10", 10)).containsExactly(7, 3, 2, 1, 9, 10);
    }

    /** Some of these once counted as few and went on for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "1:-1",
                "+1",
                "1:",
                ":1",
                "1,",
                ",1",
                "1,,2",
                "*",
                "1:*",
                "a",
                "4294967296",
                "99999999999999999999999",
                "-9223372036854775808:9223372036854775807",
                "0:9223372036854775807",
                "1:2:3"
            })
    void whatIsNoSetIsRefused(String set) {
        assertThatThrownBy(() -> Uids.count(set)).isInstanceOf(UpstreamException.ProtocolViolation.class);
        assertThatThrownBy(() -> Uids.list(set, 1000)).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:4294967295", "1:1001", "4294967295:1", "1:600,1:600"})
    void moreThanWasAskedForIsRefusedBeforeItIsMade(String set) {
        assertThatThrownBy(() -> Uids.list(set, 1000)).isInstanceOf(UpstreamException.ProtocolViolation.class);
    }

    /** Eight megabytes of single numbers; looking for each one's colon to the very end took minutes. */
    @Test
    void aLongSetOfSingleNumbersIsReadInOnePass() {
        String set =
                LongStream.rangeClosed(1, 900_000).mapToObj(uid -> "" + uid * 2).collect(Collectors.joining(","));
        assertThat(Uids.count(set)).isEqualTo(900_000);
        assertThat(Uids.list(set, 900_000)).hasSize(900_000).endsWith(1_800_000);
    }
}
