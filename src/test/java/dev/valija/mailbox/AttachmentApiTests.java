package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ApiTest
class AttachmentApiTests {
    private static final byte[] PDF = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n".getBytes(ISO_8859_1);

    @Autowired
    Api api;

    @Test
    void whatAttachmentsAreIsToldByTheirOctets() throws Exception {
        var anna = holding(
                "attach-types",
                Mails.withAttachment(
                        "Fake", "invoice.pdf", "application/pdf", "MZ\u0090\u0000 and so on".getBytes(ISO_8859_1)),
                Mails.withAttachment("Double", "invoice.pdf.exe", "application/pdf", PDF),
                Mails.withAttachment("True", "invoice.pdf", "application/octet-stream", PDF));
        assertThat(details(anna, "Fake").toString())
                .isEqualTo("{\"partId\":\"2\",\"name\":\"invoice.pdf\",\"extension\":\"pdf\","
                        + "\"type\":\"application/x-msdownload\",\"preview\":null,"
                        + "\"warnings\":[\"program\",\"other-type\"]}");
        assertThat(details(anna, "Double").required("warnings").toString())
                .isEqualTo("[\"program\",\"double-extension\",\"other-type\"]");
        assertThat(details(anna, "True").required("preview").asString()).isEqualTo("pdf");
        assertThat(details(anna, "True").required("warnings").isEmpty()).isTrue();
        assertThat(anna.store.calls().stream().filter("beginnings INBOX"::equals))
                .as("one question a message, and none when it is asked again")
                .hasSize(3);
    }

    @Test
    void openingAsksNothingMoreForAttachments() {
        var anna = holding("attach-opening", Mails.rich("Rich"));
        anna.ok(anna.visitor().get("/messages/" + anna.message(anna.inbox(), "Rich")));
        assertThat(anna.store.calls()).doesNotContain("beginnings INBOX", "writePart INBOX");
    }

    @Test
    void whatCanBeShownIsShownAsWhatItIs() throws Exception {
        var anna = holding(
                "attach-shown",
                Mails.withAttachment("Pdf", "a.bin", "text/html", PDF),
                Mails.withAttachment("Text", "a.txt", "text/plain", "Grüße".getBytes(ISO_8859_1)),
                Mails.withAttachment("Svg", "a.svg", "image/svg+xml", "<svg onload='alert(1)'/>".getBytes(UTF_8)),
                Mails.withAttachment("Html", "a.txt", "text/plain", "<html><script>alert(1)".getBytes(UTF_8)));
        shown(anna, "Pdf", "application/pdf", "inline;");
        shown(anna, "Text", "text/plain;charset=windows-1252", "inline;");
        shown(anna, "Svg", "application/octet-stream", "attachment;");
        shown(anna, "Html", "application/octet-stream", "attachment;");
    }

    @Test
    void whoseMessageItIsNotLearnsNothing() throws Exception {
        var anna = holding("attach-mine", Mails.rich("Rich"));
        var id = anna.message(anna.inbox(), "Rich");
        var berta = new ReaderAt(api, "attach-hers");
        berta.visitor().get("/messages/" + id + "/attachments").andExpect(status().isNotFound());
        anna.store.failsWith(new UpstreamException.Unavailable("down", null));
        anna.visitor().get("/messages/" + id + "/attachments").andExpect(status().isServiceUnavailable());
    }

    private static void shown(ReaderAt anna, String subject, String type, String disposition) throws Exception {
        anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), subject) + "/parts/2?disposition=inline")
                .andExpect(status().isOk())
                .andExpect(content().contentType(type))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string("Content-Security-Policy", containsString("default-src 'none'; sandbox")))
                .andExpect(header().string("Content-Disposition", startsWith(disposition)));
    }

    private static tools.jackson.databind.JsonNode details(ReaderAt anna, String subject) {
        var id = anna.message(anna.inbox(), subject);
        anna.ok(anna.visitor().get("/messages/" + id + "/attachments"));
        return anna.ok(anna.visitor().get("/messages/" + id + "/attachments"))
                .required("items")
                .get(0);
    }

    private ReaderAt holding(String name, Mail... mails) {
        var reader = new ReaderAt(api, name);
        for (int i = 0; i < mails.length; i++) {
            reader.store.holds(mails[i].sentAt(Mails.NOON.plusSeconds(i)));
        }
        complete(reader, reader.inbox());
        return reader;
    }
}
