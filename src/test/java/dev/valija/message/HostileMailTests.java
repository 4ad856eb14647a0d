package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileMailTests {

    @Test
    void aSubjectOfTenMegabytesIsCut() {
        var envelope = read("Subject: " + "x".repeat(10_000_000) + "\n\nbody").envelope();

        assertThat(envelope.subject().length()).isBetween(1, 4000);
    }

    @Test
    void aMillionHeaderFieldsAreBounded() {
        assertThat(read("X: y\n".repeat(1_000_000) + "\nbody").headers().size()).isLessThanOrEqualTo(1000);
    }

    @Test
    void nestingEndsAtTheBudgetAndTheRestIsShown() {
        var mail = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        var parsed = read(mail + "\nhello");

        assertThat(parsed.structure().leaves()).hasSize(1);
        assertThat(parsed.text(parsed.structure().leaves().findFirst().orElseThrow()))
                .contains("hello");
    }

    @Test
    void aMillionPartsAreBounded() {
        var parsed = read("Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n\ny\n".repeat(1_000_000));

        assertThat(parsed.structure().children().size()).isLessThanOrEqualTo(2000);
    }

    @Test
    void listsOfAddressesAreBounded() {
        assertThat(read("To: " + "a@example.org,".repeat(500_000) + "\n\n")
                        .envelope()
                        .to()
                        .size())
                .isLessThanOrEqualTo(5000);
        assertThat(read("To: " + "(".repeat(1_000_000) + "\n\n").envelope().to())
                .isEmpty();
        assertThat(read("To: " + "<".repeat(1_000_000) + "\n\n").envelope().to().size())
                .isLessThanOrEqualTo(5000);
        assertThat(read("To: " + "<x>".repeat(350_000) + "\n\n").envelope().to())
                .hasSize(1);
        assertThat(read("To: " + "<x,".repeat(350_000) + "\n\n").envelope().to().size())
                .isLessThanOrEqualTo(5000);
        assertThat(read("To: " + "=?x?".repeat(250_000) + "\n\n")
                        .envelope()
                        .to()
                        .size())
                .isLessThanOrEqualTo(5000);
        assertThat(read("To: " + "=?".repeat(1_000_000) + "\n\n")
                        .envelope()
                        .to()
                        .size())
                .isLessThanOrEqualTo(5000);
        assertThat(read("Subject: " + "=?utf-8?q?".repeat(100_000) + "\n\n")
                        .envelope()
                        .subject())
                .isNotNull();
        assertThat(read("References: " + "<a@b> ".repeat(40_000) + "\n\n")
                        .envelope()
                        .references())
                .containsExactly("a@b");
        assertThat(read("Content-Type: text/plain; " + "a*1=b;".repeat(40_000) + "\n\n")
                        .structure()
                        .type())
                .isEqualTo("text/plain");
    }

    @Test
    void noiseIsReadWithoutComplaint() {
        var random = new Random(42);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[random.nextInt(4000)];
            random.nextBytes(noise);
            byte[] header = "Content-Type: multipart/mixed; boundary=x\nSubject: ".getBytes(StandardCharsets.US_ASCII);
            byte[] raw = new byte[header.length + noise.length];
            System.arraycopy(header, 0, raw, 0, header.length);
            System.arraycopy(noise, 0, raw, header.length, noise.length);
            var parsed = MimeReader.read(raw);
            parsed.structure()
                    .leaves()
                    .forEach(part -> assertThat(parsed.text(part)).isNotNull());
        }
    }

    @Test
    void noCutIsLongerThanItsLimit() {
        assertThat(HeaderDecoder.clean("four more", 5)).isEqualTo("four");
        assertThat(HeaderDecoder.clean("four\ud83d\ude00", 5)).isEqualTo("four");
        assertThat(HeaderDecoder.clean("five more", 6)).isEqualTo("five m");
    }

    @Test
    void uuencodedTextEndsWhereItIsBroken() {
        for (var broken :
                List.of("begin \n", "begin 64\n", "begin 644 x\nM" + "A".repeat(200) + "\n", "begin 644 x\n\uffff")) {
            var octets = broken.getBytes(StandardCharsets.UTF_8);
            assertThat(TransferEncoding.decode(octets, "x-uuencode")).isNotNull();
        }
    }

    @Test
    void noPreviewHoldsWhatADatabaseRefuses() {
        assertThat(Preview.ofText("a\0b\u0007c\nd")).isEqualTo("abc d");
        assertThat(Preview.ofText("x ".repeat(1_000_000)).length()).isLessThanOrEqualTo(256);
        assertThat(Preview.ofText("😀".repeat(1000)).length()).isLessThanOrEqualTo(256);
        assertThat(Preview.ofHtml("<div>".repeat(200_000) + "deep")).isNotNull();
    }

    @Test
    void aQuoteAloneIsBetterThanNothing() {
        assertThat(Preview.ofText("> only\n> quoted")).isEqualTo("only quoted");
    }

    private static ParsedMessage read(String mail) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> MimeReader.read(mail.getBytes(StandardCharsets.UTF_8)));
    }
}
