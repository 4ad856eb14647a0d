package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    void aMailThatIsTooDeepIsOneTextOfAllOfIt() {
        assertThat(read(nested(49)).isOverBudget()).isFalse();
        var parsed = read(nested(10_000));

        assertThat(parsed.isOverBudget()).isTrue();
        assertIsOneTextWith(parsed, "hello");
    }

    @Test
    void messagesWithinMessagesCountAsDepth() {
        String within = "Subject: x\nContent-Type: message/rfc822\n\n";
        assertThat(read(within.repeat(49) + "hello").isOverBudget()).isFalse();
        var parsed = read(within.repeat(10_000) + "hello");

        assertThat(parsed.isOverBudget()).isTrue();
        assertIsOneTextWith(parsed, "hello");
    }

    @Test
    void aMailOfTooManyPartsIsOneTextOfAllOfIt() {
        String start = "Content-Type: multipart/mixed; boundary=x\n\n";
        assertThat(read(start + "--x\n\ny\n".repeat(1_990)).structure().children())
                .hasSize(1_990);
        var parsed = read(start + "--x\n\ny\n".repeat(1_000_000) + "--x\n\nlast");

        assertThat(parsed.isOverBudget()).isTrue();
        assertIsOneTextWith(parsed, "last");
    }

    @Test
    void aHeaderIsReadAsFarAsTheBudgetGoes() {
        String filler = ("X: " + "y".repeat(997) + "\n").repeat(250);
        assertThat(read("Subject: first\n" + filler + "To: a@example.org\n\nbody")
                        .envelope()
                        .to())
                .hasSize(1);
        var parsed = read("Subject: first\n" + filler.repeat(2) + "To: a@example.org\n\nbody");

        assertThat(parsed.envelope().subject()).isEqualTo("first");
        assertThat(parsed.envelope().to()).isEmpty();
        assertThat(parsed.text(parsed.structure())).isEqualTo("body");
    }

    @Test
    void aContainerOverBudgetStaysClosed() {
        byte[] signed = {0x30, 0x2b, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 7, 2};
        var rest = new byte[] {
            (byte) 0xa0,
            0x1e,
            0x30,
            0x1c,
            2,
            1,
            1,
            0x31,
            0,
            0x30,
            0x15,
            6,
            9,
            0x2a,
            (byte) 0x86,
            0x48,
            (byte) 0x86,
            (byte) 0xf7,
            0x0d,
            1,
            7,
            1,
            (byte) 0xa0,
            8,
            4,
            6,
            'X',
            ':',
            'y',
            '\n',
            '\n',
            'z'
        };
        var small = java.util.Arrays.copyOf(signed, signed.length + rest.length);
        System.arraycopy(rest, 0, small, signed.length, rest.length);
        var large = java.util.Arrays.copyOf(small, (int) Unpacked.LARGEST + 1);

        assertThat(unpacked(small).signed()).isTrue();
        assertThat(unpacked(large).signed()).isFalse();
        assertThat(unpacked(large).structure().isContainer()).isTrue();
    }

    @Test
    void parametersAreBounded() {
        var field = "text/plain"
                + IntStream.range(0, 10_000).mapToObj(i -> "; p" + i + "=x").collect(Collectors.joining());
        assertThat(ContentField.parse(field).parameters()).hasSize(100);
    }

    @Test
    void aReportOnMoreRecipientsThanAnyoneReadsIsBounded() {
        var report = "Reporting-MTA: dns; mail.example.org\n\n"
                + IntStream.range(0, 5_000)
                        .mapToObj(i -> "Final-Recipient: rfc822; r" + i + "@example.org\nAction: failed\n\n")
                        .collect(Collectors.joining());
        var read = DeliveryReport.read("message/delivery-status", report.getBytes(StandardCharsets.US_ASCII), null);
        assertThat(read.recipients()).hasSize(200);
    }

    private static Unpacked unpacked(byte[] ber) {
        var part = new BodyPart("1", "application/pkcs7-mime", null, null, null, null, "binary", ber.length, List.of());
        return Unpacked.of(part, java.util.Map.of("1", ber));
    }

    private static String nested(int depth) {
        var mail = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b" + i + "\n\n--b" + i + "\n");
        }
        return mail + "\nhello";
    }

    private static void assertIsOneTextWith(ParsedMessage parsed, String words) {
        assertThat(parsed.structure().leaves()).hasSize(1);
        assertThat(parsed.structure().type()).isEqualTo("text/plain");
        assertThat(parsed.text(parsed.structure())).contains(words);
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
    void commentsInStructuredFieldsAreTakenOutInOnePass() {
        for (var field : List.of("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")) {
            for (var open : List.of("(", "()", "(\\", "(\"")) {
                var rubbish = open.repeat(250_000 / open.length());
                assertThat(read(field + ": " + rubbish + "\n\nhello")
                                .structure()
                                .partId())
                        .isEqualTo("1");
            }
        }
        assertThat(read("Content-Type: text/(the (sub) type)html (x)\n\nhello")
                        .structure()
                        .type())
                .isEqualTo("text/html");
        assertThat(read("Content-Transfer-Encoding: base64 (of course\n\nhello")
                        .structure()
                        .encoding())
                .isEqualTo("base64");
    }

    @Test
    void charsetsThatNobodyKnowsCostNothing() {
        var words = IntStream.range(0, 20_000).mapToObj(n -> "=?x" + n % 7 + "?B?Gw==?=");

        assertThat(read("Subject: " + words.collect(Collectors.joining()) + "\n\n")
                        .envelope()
                        .subject())
                .isEmpty();
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
