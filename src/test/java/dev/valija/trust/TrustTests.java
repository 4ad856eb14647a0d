package dev.valija.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.MimeReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTests {
    private static final String BORDER =
            "Received: from mail.sender.example (mail.sender.example [203.0.113.7])\r\n\tby mx.example.org (Postfix) with ESMTPS id 4X; Mon, 2 Nov 2026 10:15:00 +0100 (CET)\r\n";
    private static final String LMTP =
            "Received: from mx.example.org\r\n\tby imap.example.org with LMTP\r\n\tid 8BL; Mon, 2 Nov 2026 10:15:01 +0100\r\n";
    private static final String PASS =
            "Authentication-Results: mx.example.org;\r\n\tdkim=pass (2048-bit key; secure) header.d=sender.example header.i=@sender.example;\r\n\tspf=pass (sender IP is 203.0.113.7; a;b) smtp.mailfrom=sender.example;\r\n\tdmarc=pass (p=reject dis=none) header.from=sender.example\r\n";
    private static final String FROM = "From: Anna <anna@sender.example>\r\n";

    @Test
    void theReceivingServersResultsAreRead() {
        assertThat(results(LMTP + PASS + BORDER + FROM))
                .isEqualTo(new Authentication("mx.example.org", "pass", "pass", "pass"));
        var amavis =
                "Received: from localhost (localhost [127.0.0.1])\r\n\tby mx.example.org (Postfix) with ESMTP id 3X\r\n";
        assertThat(results(PASS + amavis + BORDER + FROM)).isNotNull();
        assertThat(results(LMTP + amavis + PASS + BORDER + FROM)).isNotNull();
        var google =
                "Received: by 2002:a05:6000:1a8e:b0:385:ed1e:2105 with SMTP id f14csp1234; Mon, 2 Nov 2026 01:15:01 -0800 (PST)\r\n";
        assertThat(results("Delivered-To: me@example.org\r\n" + PASS + BORDER + FROM))
                .isNotNull();
        assertThat(results(google + PASS + BORDER + FROM))
                .as("an id that looks like an address")
                .isNull();
    }

    @Test
    void nobodysResultsAreBelievedWhoIsNotConfigured() {
        assertThat(results(PASS.replace("mx.example.org", "mx.sender.example") + BORDER + FROM))
                .isNull();
        assertThat(trust().authentication(
                                MimeReader.envelope(raw(FROM)), MimeReader.rawFields(raw(PASS + BORDER + FROM))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // below the field of the connection it came by
                LMTP + BORDER + PASS + FROM,
                BORDER + PASS + FROM,
                // a hop of ours made up by the sender, below the real one
                BORDER + LMTP + PASS + BORDER + FROM,
                // the sender calls itself as we do, or tells a private address
                "Received: from mx.example.org (unknown [203.0.113.7])\r\n\tby mx.example.org with ESMTP id 1\r\n"
                        + PASS + BORDER + FROM,
                "Received: from [127.0.0.1] (unknown [203.0.113.7])\r\n\tby mx.example.org with ESMTP id 1\r\n" + PASS
                        + BORDER + FROM,
                "Received: from x (with LMTP) (unknown [2001:db8::7])\r\n\tby mx.example.org with ESMTP id 1\r\n" + PASS
                        + BORDER + FROM,
                "Received: from mx.example.org by mx.example.org with ESMTP id 1\r\n" + PASS + BORDER + FROM,
                // a time of day is no address
                "Received: from mx.example.org by mx.example.org with ESMTP id 1; Mon, 2 Nov 2026 10:15:00 +0100\r\n"
                        + PASS + BORDER + FROM,
                // no field at all says where it came from
                PASS + FROM
            })
    void forgedResultsAreNotBelieved(String header) {
        assertThat(results(header)).isNull();
    }

    /** What the sender called itself is told as it was called: a word of RFC 2047 in it is not decoded. */
    @Test
    void noResultIsMadeOfAnEncodedWord() {
        var mailFrom = "\"=?utf-8?q?a=22;_dmarc=3Dpass_header.from=3Dsender.example;_x=3D=22?=\"@evil.example";
        var none = "Authentication-Results: mx.example.org; spf=none smtp.mailfrom=" + mailFrom + "\r\n";
        assertThat(results(none + BORDER + FROM)).isEqualTo(new Authentication("mx.example.org", "none", null, null));
        var bare = none.replace("\"=?", "=?").replace("?=\"@", "?=@");
        assertThat(results(bare + BORDER + FROM).dmarc()).isNull();
    }

    /** Decoded, all from the sender's name to its mail address would be one word, and the hop one of ours. */
    @Test
    void noAddressIsHiddenByAnEncodedWord() {
        var hop = "Received: from =?utf-8?b? ([203.0.113.7])\r\n\tby mx.example.org with ESMTP id 1\r\n"
                + "\t(envelope-from <\"?= [127.0.0.1]\"@evil.example>)\r\n";
        assertThat(results(hop + PASS + BORDER + FROM)).isNull();
    }

    /** In a charset that the message names, an odd octet made another field of the one that it came by. */
    @Test
    void noCharsetOfTheSendersChoiceHidesTheBorder() {
        var charset = "Content-Type: text/plain; charset=IBM037\r\n";
        var header = (PASS + BORDER.replace("from mail.sender", "from \u00fc.sender") + FROM + charset + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        var below = ("X: \u00fc\r\n" + BORDER.replace("from mail.sender", "from \u00fc.sender") + PASS + BORDER + FROM
                        + charset + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        var trust = trust("mx.example.org");
        assertThat(trust.authentication(MimeReader.envelope(header), MimeReader.rawFields(header)))
                .isNotNull();
        assertThat(trust.authentication(MimeReader.envelope(below), MimeReader.rawFields(below)))
                .isNull();
    }

    @Test
    void theTopmostResultWins() {
        var fail = PASS.replace("=pass", "=fail");
        assertThat(results(LMTP + fail + PASS + BORDER + FROM).dmarc()).isEqualTo("fail");
        assertThat(results(LMTP + fail + BORDER + PASS + FROM).dkim()).isEqualTo("fail");
        var spf = "Authentication-Results: mx.example.org; spf=softfail smtp.mailfrom=x\r\n";
        var dkim = "Authentication-Results: mx.example.org 1; dkim=fail header.d=a; dkim=pass header.d=b\r\n";
        assertThat(results(spf + dkim + BORDER + FROM))
                .as("one program, one field; one good signature is enough")
                .isEqualTo(new Authentication("mx.example.org", "softfail", "pass", null));
    }

    @Test
    void resultsForAnotherAuthorSayNothing() {
        assertThat(results(PASS + BORDER + "From: boss@bank.example\r\n").dmarc())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authentication-Results: mx.example.org; none\r\n",
                "Authentication-Results: mx.example.org\r\n",
                "Authentication-Results: mx.example.org; dmarc=certainly; spf; =; dkim=\r\n",
                "Authentication-Results: mx.example.org; reason=\"dmarc=pass; spf=pass\r\n",
                "Authentication-Results: mx.example.org; (dmarc=pass; spf=pass\r\n",
                "Authentication-Results: mx.example.org; x=\"; dmarc=pass; \"\r\n"
            })
    void whatSaysNothingIsNothing(String field) {
        assertThat(results(field + BORDER + FROM)).isEqualTo(new Authentication("mx.example.org", null, null, null));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "anna@xn--80ak6aa92e.com, xn--80ak6aa92e.com", // Cyrillic letters that look like apple
        "anna@аррӏе.com, xn--80ak6aa92e.com",
        "anna@pаypal.com, xn--pypal-4ve.com", // one Cyrillic letter
        "anna@ρayρal.com, xn--ayal-9ndc.com" // Greek
    })
    void deceptiveDomainsAreToldAsTheyAre(String email, String ascii) {
        assertThat(signs("From: " + email + "\r\n"))
                .singleElement()
                .satisfies(sign -> assertThat(sign.kind()).isEqualTo(Sign.Kind.LOOKALIKE_DOMAIN));
        assertThat(signs("From: " + email + "\r\n").getFirst().email()).isEqualTo("anna@" + ascii);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna@example.org",
                "anna@münchen.de",
                "anna@straße.de",
                "anna@smörgås.se",
                "anna@españa.es",
                "anna@пример.рф",
                "anna@почта.com",
                "anna@日本語.jp",
                "anna@東京タワー.jp",
                "anna@ışık.com.tr",
                "anna@xn--mnchen-3ya.de",
                "anna@مثال.إختبار",
                "anna",
                "anna@",
                "anna@mail_host.example.org"
            })
    void honestDomainsAreNotMarked(String email) {
        assertThat(signs("From: " + email + "\r\n")).isEmpty();
    }

    @Test
    void anImitationOfTheReadersOwnDomainIsMarked() {
        assertThat(signs("From: Boss <boss@modern-0ffice.example>\r\n"))
                .containsExactly(new Sign(
                        Sign.Kind.LOOKALIKE_DOMAIN, "from", "boss@modern-0ffice.example", "modern-office.example"));
        assertThat(signs("From: Boss <boss@modern-office.example>\r\n")).isEmpty();
        assertThat(signs("From: Boss <boss@m0dern.example>\r\n")).isEmpty();
    }

    @Test
    void aNameThatIsAnotherAddressIsMarked() {
        assertThat(signs("From: \"service@bank.example\" <x@evil.example>\r\n"))
                .containsExactly(new Sign(Sign.Kind.ADDRESS_IN_NAME, "from", "x@evil.example", "service@bank.example"));
        assertThat(signs("From: =?utf-8?q?service=EF=BC=A0bank.example?= <x@evil.example>\r\n"))
                .as("in full width")
                .hasSize(1);
        assertThat(signs("From: \"ANNA@example.org\" <anna@example.org>\r\n")).isEmpty();
        assertThat(signs("From: \"Anna @ work\" <anna@example.org>\r\n")).isEmpty();
    }

    @Test
    void answersToAnotherDomainAreMarkedButForLists() {
        var elsewhere = FROM + "Reply-To: anna@freemail.example\r\n";
        assertThat(signs(elsewhere)).extracting(Sign::kind).containsExactly(Sign.Kind.REPLY_ELSEWHERE);
        assertThat(signs(elsewhere + "List-Id: <walks.freemail.example>\r\n")).isEmpty();
        assertThat(signs(FROM + "Reply-To: anna@help.sender.example\r\n")).isEmpty();
    }

    @Test
    void hostileHeadersCostNothing() {
        assertThat(results("Authentication-Results: mx.example.org;" + " (".repeat(50_000) + "\r\n" + BORDER + FROM))
                .isNotNull();
        assertThat(results("Received: from " + "1.".repeat(50_000) + ":".repeat(50_000) + "\r\n" + PASS + FROM))
                .isNull();
        assertThat(signs("From: \"" + "a@".repeat(100) + "\" <" + "x.".repeat(3_000) + "@e>\r\n"))
                .isEmpty();
        assertThat(signs("From: a@" + "а.".repeat(3_000) + "com\r\n")).hasSize(1);
    }

    private static @Nullable Authentication results(String header) {
        return trust("MX.example.org")
                .authentication(MimeReader.envelope(raw(header)), MimeReader.rawFields(raw(header)));
    }

    private static List<Sign> signs(String header) {
        return trust().signs(
                        MimeReader.envelope(raw(header)),
                        MimeReader.rawFields(raw(header)),
                        () -> Stream.of("modern-office.example"));
    }

    private static Trust trust(String... servers) {
        return new Trust(new TrustProperties(List.of(servers)));
    }

    private static byte[] raw(String header) {
        return (header + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
