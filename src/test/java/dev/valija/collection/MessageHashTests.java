package dev.valija.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a message another, and what does not. */
class MessageHashTests {
    private static final String BODY = "\r\nHello\r\nStatus: not a field\r\n";
    private static final String MAIL = "From: a@example.org\r\nSubject: one\r\n two\r\n" + BODY;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status: RO\r\n",
                "status : O\r\n",
                "X-Keywords: a\r\n b\r\n\tc\r\n",
                "Content-Length: 12\nLines: 3\n",
                "X-IMAPbase: 1 2\r\nX-UID: 7\r\nX-Status: A\r\nX-UIDL: 17\r\nX-IMAP: 4\r\n",
            })
    void bookkeepingMakesNoOther(String fields) {
        assertThat(hash(fields + MAIL)).isEqualTo(hash(MAIL));
        assertThat(hash(MAIL.replace("Subject", fields + "Subject"))).isEqualTo(hash(MAIL));
        assertThat(hash(MAIL.replace("Subject: one\r\n two\r\n", "Subject: one\r\n two\r\n" + fields)))
                .isEqualTo(hash(MAIL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: b@example.org\r\nSubject: one\r\n two\r\n\r\nHello\r\nStatus: not a field\r\n",
                "From: a@example.org\r\nSubject: one\r\n two\r\n\r\nHello\r\nStatus: no\r\n",
                "From: a@example.org\r\nSubject: one\r\n\r\nHello\r\nStatus: not a field\r\n",
                "From: a@example.org\r\nStatusX: RO\r\nSubject: one\r\n two\r\n\r\nHello\r\nStatus: not a field\r\n",
                "",
            })
    void allElseDoes(String other) {
        assertThat(hash(other)).isNotEqualTo(hash(MAIL));
    }

    /** Messages without such fields have the hash that anybody would reckon, however they end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                MAIL,
                "",
                "\r\n",
                "\n\nbody",
                "no header at all",
                "Status",
                "A-name-that-is-longer-than-any-of-ours: x\r\n\r\n",
                "a: b\r\n\r",
                " begins oddly\r\n\r\n",
            })
    void itIsSha256(String message) {
        assertThat(hash(message)).isEqualTo(DigestUtils.sha256Hex(octets(message)));
    }

    @Test
    void itDoesNotMatterHowTheOctetsCome() {
        var message = octets("Status: RO\r\nA: b\r\nX-Keywords: c\r\n d\r\n" + MAIL);
        for (int piece = 1; piece < message.length; piece++) {
            var hash = new MessageHash();
            for (int at = 0; at < message.length; at += piece) {
                hash.update(message, at, Math.min(piece, message.length - at));
            }
            assertThat(hash.digest()).as("in pieces of %d", piece).isEqualTo(DigestUtils.sha256("A: b\r\n" + MAIL));
        }
    }

    private static String hash(String message) {
        var hash = new MessageHash();
        hash.update(octets(message), 0, octets(message).length);
        return Hex.encodeHexString(hash.digest());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
