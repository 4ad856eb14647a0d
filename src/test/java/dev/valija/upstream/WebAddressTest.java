package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "https://example.org https://example.org/",
                "HTTPS://EXAMPLE.org/A?b=C#d https://example.org/A?b=C",
                "http://example.org/a https://example.org/a",
                "http://example.org:80/a https://example.org/a",
                "http://example.org:8080/a https://example.org:8080/a",
                "https://example.org:443/ https://example.org/",
                "https://example.org:/ https://example.org/",
                "https://example.org?x https://example.org/?x",
                "https://example.org#x https://example.org/",
                "https://example.org./a https://example.org/a",
                "https://müller.example/ä?ö https://xn--mller-kva.example/%C3%A4?%C3%B6",
                "https://example.org/a%20b|c\"<>\\^`{} https://example.org/a%20b%7Cc%22%3C%3E%5C%5E%60%7B%7D",
                "https://[2606:4700::1111]:8443/ https://[2606:4700::1111]:8443/"
            })
    void isReadAsMailWritesIt(String written, String meant) {
        assertThat(WebAddress.of(written)).get().hasToString(meant);
        assertThat(WebAddress.of(meant)).get().hasToString(meant);
    }

    @Test
    void spacesAreEncoded() {
        assertThat(WebAddress.of(" https://example.org/a b ")).get().hasToString("https://example.org/a%20b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org/a",
                "//example.org/a",
                "/a",
                "ftp://example.org/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "data:image/png;base64,AAAA",
                "https:/example.org",
                "https:example.org",
                "https:///example.org",
                "https://user@example.org/",
                "https://user:secret@example.org/",
                "https://example.org@127.0.0.1/",
                "https://example.org\\@127.0.0.1/",
                "https://example.org:25/",
                "https://example.org:993/",
                "https://example.org:65536/",
                "https://example.org:99999999999/",
                "https://example.org:+443/",
                "https://example.org:4 43/",
                "https://exa mple.org/",
                "https://example.org%2f/",
                "https://example.org\r\nX: y/",
                "https://example.org/\r\nX: y",
                "https://example.org/\nHost: x",
                "https://example.org/a\rb",
                "https://example.org/a\u0000b",
                "https://example.org/a\tb",
                "https://\u0000example.org/",
                "https://[::1/",
                "https://::1/",
                "https://0x7f.1/",
                "https://2130706433/"
            })
    void isNone(String written) {
        assertThat(WebAddress.of(written)).isEmpty();
    }

    @Test
    void whatIsTooLongIsNone() {
        assertThat(WebAddress.of("https://example.org/" + "a".repeat(4000))).isEmpty();
    }
}
