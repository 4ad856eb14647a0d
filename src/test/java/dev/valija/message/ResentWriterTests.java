package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResentWriterTests {
    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    private static final Address ANNA = new Address("Anna Grün", "anna@example.org");
    private static final Address BOB = new Address(null, "bob@example.net");

    @Test
    void whoSendsItOnIsToldInFrontOfWhatItWas() {
        var original = "From: zoe@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC?=\r\n\r\nHi\r\n";
        assertThat(write(original)).isEqualTo("""
                Resent-From: =?UTF-8?Q?Anna_Gr=C3=BCn?= <anna@example.org>\r
                Resent-To: bob@example.net\r
                Resent-Date: Mon, 2 Nov 2026 12:00:00 +0000\r
                Resent-Message-ID: <r@example.org>\r
                """ + original);
    }

    @Test
    void allIsKeptButWhatWasSecretOrOfTheLastDelivery() {
        var kept = """
                Received: by mx\r
                \tfor <anna@example.org>\r
                DKIM-Signature: a=b;\r
                 c=d\r
                Resent-From: earlier@example.org\r
                bccs: none\r
                no field at all\r
                """;
        var original = "From anna Mon Nov  2\r\nReturn-Path: <zoe@example.com>\r\n" + kept
                + "Bcc: secret@example.org,\r\n other@example.org\r\nRESENT-BCC : x@example.org\r\n"
                + "Delivered-To: anna@example.org\r\nX-Original-To: anna@example.org\r\nTo: a@example.org\r\n"
                + "\r\nBcc: this is text\r\n";
        assertThat(write(original))
                .endsWith("<r@example.org>\r\n" + kept + "To: a@example.org\r\n\r\nBcc: this is text\r\n")
                .doesNotContain("secret", "other@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\r\n", "Subject: x", "Subject: x\n\nbody\n", "\r\n\r\nbody", "a\rb: c\r\n\r\nbody", "\n"})
    void nothingIsLostOfWhatIsNoHeader(String original) {
        assertThat(write(original)).endsWith("<r@example.org>\r\n" + original);
    }

    @Test
    void whatGoesOnWithNothingDoesNotGoOnWithOurs() {
        assertThat(write(" x@example.org\r\nSubject: x\r\n\r\n")).endsWith("<r@example.org>\r\nSubject: x\r\n\r\n");
    }

    @Test
    void whoeverIsHiddenIsNamedInTheSendersCopyOnly() {
        var resent = new Resent(ANNA, List.of(), List.of(), List.of(BOB), "r@example.org", NOON);
        var written = new String(ResentWriter.write(new byte[0], resent), StandardCharsets.US_ASCII);
        assertThat(written).doesNotContain("bob").contains("Resent-To: undisclosed-recipients:;\r\n");
        assertThat(ResentWriter.bccField(resent.bcc()))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("Resent-Bcc: bob@example.net\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: x@example.org", "a\nb", "a\u0000b", "a\rb"})
    void nobodyBreaksOutOfTheirField(String text) {
        var named = new Resent(new Address(text, "a@b.c"), List.of(BOB), List.of(), List.of(), "r@example.org", NOON);
        var addressed = new Resent(
                ANNA, List.of(new Address(null, text + "@b.c")), List.of(), List.of(), "r@example.org", NOON);
        assertThatThrownBy(() -> ResentWriter.write(new byte[0], named)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ResentWriter.write(new byte[0], addressed))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String write(String original) {
        var resent = new Resent(ANNA, List.of(BOB), List.of(), List.of(), "r@example.org", NOON);
        byte[] written = ResentWriter.write(original.getBytes(StandardCharsets.ISO_8859_1), resent);
        return new String(written, StandardCharsets.ISO_8859_1);
    }
}
