package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListUnsubscribeTests {
    private static final String POST = "List-Unsubscribe=One-Click";

    private static final String SIGNED =
            "v=1; a=rsa-sha256; d=example.com; s=x;\r\n\tbh=h=;\r\n\th=From:List-Unsubscribe:\r\n\t list-unsubscribe-post ; b=x";

    /** RFC 8058 8.1. */
    @Test
    void theExampleOfTheStandardIsUnderstood() {
        var found = ListUnsubscribe.of(
                        header(
                                POST,
                                "<mailto:listrequest@example.com?subject=unsubscribe>, <https://example.com/unsubscribe.html?opaque=123456789>"))
                .orElseThrow();
        assertThat(found.oneClick()).isEqualTo("https://example.com/unsubscribe.html?opaque=123456789");
        assertThat(found.page()).isEqualTo(found.oneClick());
        assertThat(found.mail()).isEqualTo(new ListUnsubscribe.Mail("listrequest@example.com", "unsubscribe", ""));
    }

    @Test
    void foldedAddressesArePutTogether() {
        assertThat(ListUnsubscribe.of(header(POST, "<https://example.com/\t a b>"))
                        .orElseThrow()
                        .oneClick())
                .isEqualTo("https://example.com/ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://example.com/",
                "<ftp://example.com/>",
                "<javascript:alert(1)>",
                "<>",
                "<https://>",
                "<mailto:>",
                "<mailto:a>",
                "<mailto:a@b,c@d>",
                "<mailto:a%0d%0aBcc:x@y>",
                "<mailto:a@b%0d%0a>",
                "<mailto:a@b.org%3Fsubject=x>",
                "<https://example.com/\u0000>",
                "No longer"
            })
    void whatOffersNothingIsNothing(String field) {
        assertThat(ListUnsubscribe.of(header(POST, field))).isEmpty();
    }

    @Test
    void ofTwoFieldsNoneIsBelieved() {
        assertThat(ListUnsubscribe.of(header(POST, "<https://a.example/>", "<https://b.example/>")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "List-Unsubscribe=Two-Click", "List-Unsubscribe=One-Click; x"})
    void withoutTheOtherFieldItIsAPageForTheReader(String post) {
        var found = ListUnsubscribe.of(header(post, "<https://a.example/>")).orElseThrow();
        assertThat(found.oneClick()).isNull();
        assertThat(found.page()).isEqualTo("https://a.example/");
    }

    /** RFC 8058 4. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=1; h=From:List-Unsubscribe; b=x",
                "v=1; h=From:List-Unsubscribe-Post; b=x",
                "v=1; z=List-Unsubscribe:List-Unsubscribe-Post; b=x",
                "v=1; xh=List-Unsubscribe:List-Unsubscribe-Post; b=x",
                "v=1; h=From; b=List-Unsubscribe:List-Unsubscribe-Post"
            })
    void whatNoSignatureCoversIsAPageForTheReader(String signature) {
        var header = header(POST, "<https://a.example/>");
        header.set(2, new RawField("DKIM-Signature", signature));
        var found = ListUnsubscribe.of(header).orElseThrow();
        assertThat(found.oneClick()).isNull();
        assertThat(found.page()).isEqualTo("https://a.example/");
    }

    /** The sender does not choose who else gets what the reader sends, nor a field of its header. */
    @Test
    void aMailHasOneRecipientASubjectAndABody() {
        var found = ListUnsubscribe.of(
                        header(
                                POST,
                                "<MAILTO:a%2Bb@c.example?cc=x@y.example&Subject=Leave%0D%0ABcc:%20z&BODY=one%0D%0Atwo&bcc=x&to=q@r>"))
                .orElseThrow();
        assertThat(found.mail()).isEqualTo(new ListUnsubscribe.Mail("a+b@c.example", "Leave Bcc: z", "one\ntwo"));
        assertThat(found.oneClick()).isNull();
    }

    private static List<RawField> header(String post, String... fields) {
        var header = new ArrayList<RawField>();
        for (var field : fields) {
            header.add(new RawField("list-unsubscribe", field));
        }
        header.add(new RawField("LIST-UNSUBSCRIBE-POST", post));
        header.add(new RawField("dkim-signature", SIGNED));
        return header;
    }
}
