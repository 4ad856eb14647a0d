package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

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

    @Test
    void anyStretchOfAPartIsTheSameAsOfTheWhole() throws Exception {
        var whole = Mails.noise(100_000);
        var anna = holding("attach-ranges", Mails.withAttachment("Noise", "a.bin", "application/x-thing", whole));
        var path = "/api/v1/messages/" + anna.message(anna.inbox(), "Noise") + "/parts/2";
        var tag = anna.visitor().send(get(path)).andReturn().getResponse().getHeader("ETag");
        assertThat(tag).matches("\"[\\w-]+\"");
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(whole.length);
            int last = Math.min(whole.length - 1, from + random.nextInt(1 << random.nextInt(17)));
            anna.visitor()
                    .send(get(path)
                            .header("Range", "bytes=" + from + "-" + last)
                            .header("If-Range", tag))
                    .andExpect(status().is(206))
                    .andExpect(header().string("Content-Range", "bytes " + from + "-" + last + "/100000"))
                    .andExpect(header().longValue("Content-Length", last - from + 1L))
                    .andExpect(content().bytes(Arrays.copyOfRange(whole, from, last + 1)));
        }
        range(anna, path, "bytes=-10").andExpect(content().bytes(Arrays.copyOfRange(whole, 99_990, 100_000)));
        range(anna, path, "bytes=99999-").andExpect(content().bytes(Arrays.copyOfRange(whole, 99_999, 100_000)));
        range(anna, path, "bytes=99000-200000").andExpect(header().string("Content-Range", "bytes 99000-99999/100000"));
        range(anna, path, "bytes=100000-")
                .andExpect(status().is(416))
                .andExpect(header().string("Content-Range", "bytes */100000"));
        for (var all : List.of("bytes=0-1,5-6", "bytes=x", "octets=1-2", "bytes=9-3")) {
            range(anna, path, all)
                    .andExpect(status().isOk())
                    .andExpect(content().bytes(whole));
        }
        anna.visitor()
                .send(get(path).header("Range", "bytes=1-2").header("If-Range", "\"other\""))
                .andExpect(status().isOk())
                .andExpect(content().bytes(whole));
        assertThat(anna.store.calls().stream().filter("writePart INBOX"::equals))
                .as("once as it came, once to be kept")
                .hasSize(2);
    }

    @Test
    void headTellsTheExactLength() throws Exception {
        var anna = holding("attach-head", Mails.withAttachment("Pdf", "a.pdf", "application/pdf", PDF));
        var path = "/api/v1/messages/" + anna.message(anna.inbox(), "Pdf") + "/parts/2";
        anna.visitor()
                .send(head(path + "?disposition=inline"))
                .andExpect(status().isOk())
                .andExpect(header().longValue("Content-Length", PDF.length))
                .andExpect(header().string("Accept-Ranges", "bytes"))
                .andExpect(content().contentType("application/pdf"));
    }

    @Test
    void aStretchIsWhatTheWholeIs() throws Exception {
        var page = (" ".repeat(50) + "<html><script>alert(1)</script>").getBytes(UTF_8);
        var anna = holding("attach-stretch", Mails.withAttachment("Page", "a.txt", "text/plain", page));
        var path = "/api/v1/messages/" + anna.message(anna.inbox(), "Page") + "/parts/2?disposition=inline";
        range(anna, path, "bytes=2-5").andExpect(content().contentType("application/octet-stream"));
    }

    @Test
    void aRangeOfWhatCannotBeFetchedIsAProblemAndIsTriedAgain() throws Exception {
        var anna = holding("attach-down", Mails.rich("Rich"));
        var path = "/api/v1/messages/" + anna.message(anna.inbox(), "Rich") + "/parts/2";
        anna.store.failsWith(new UpstreamException.Unavailable("down", null));
        range(anna, path, "bytes=0-").andExpect(status().isServiceUnavailable());
        anna.store.failsWith(null);
        range(anna, path, "bytes=0-").andExpect(status().is(206));
    }

    @Test
    void allAttachmentsComeInOneZip() throws Exception {
        var text = "so it goes\n".repeat(5_000).getBytes(UTF_8);
        var noise = Mails.noise(300_000);
        var anna = holding(
                "attach-zip",
                Mails.withAttachments(
                        "Año / 2026",
                        Mails.attachmentPart("a.txt", "text/plain", text),
                        Mails.attachmentPart("../A.txt", "text/plain", "other".getBytes(UTF_8)),
                        Mails.attachmentPart("見積書.pdf", "application/pdf", PDF),
                        Mails.attachmentPart("a.txt", "text/plain", new byte[0]),
                        Mails.attachmentPart("noise.png", "image/png", noise)));
        var answer = anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), "Año / 2026") + "/attachments.zip")
                .andExpect(status().isOk())
                .andExpect(content().contentType("application/zip"))
                .andExpect(header().string("Content-Disposition", containsString("filename=\"Ano _ 2026.zip\"")))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        assertThat(answer.length).as("what can be is compressed").isBetween(300_000, 320_000);
        var files = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(answer))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        assertThat(files.keySet()).containsExactly("a.txt", "A (2).txt", "見積書.pdf", "a (3).txt", "noise.png");
        assertThat(files.get("a.txt")).isEqualTo(text);
        assertThat(files.get("A (2).txt")).isEqualTo("other".getBytes(UTF_8));
        assertThat(files.get("見積書.pdf")).isEqualTo(PDF);
        assertThat(files.get("a (3).txt")).isEmpty();
        assertThat(files.get("noise.png")).isEqualTo(noise);
        assertThat(answer[7] & 0x08).as("names are said to be in UTF-8").isEqualTo(0x08);
    }

    @Test
    void aZipThatFailsOnTheWayIsTorn() throws Exception {
        var anna = holding(
                "attach-torn",
                Mails.withAttachments(
                        "Two",
                        Mails.attachmentPart("a.png", "image/png", Mails.noise(100_000)),
                        Mails.attachmentPart("b.png", "image/png", Mails.noise(100_000))));
        var path = "/messages/" + anna.message(anna.inbox(), "Two") + "/attachments.zip";
        anna.ok(anna.visitor().get(path.replace("/attachments.zip", "")));
        anna.store.failsAt("writePart INBOX", 2, new UpstreamException.Unavailable("down", null));
        assertThatThrownBy(() -> anna.visitor().get(path)).hasRootCauseInstanceOf(UpstreamException.Unavailable.class);
        anna.store.failsWith(new UpstreamException.Unavailable("down", null));
        anna.visitor().get(path).andExpect(status().isServiceUnavailable());
        anna.store.failsWith(null);
        var plain = holding("attach-none", Mails.plain("None"));
        plain.visitor()
                .get("/messages/" + plain.message(plain.inbox(), "None") + "/attachments.zip")
                .andExpect(status().isNotFound());
    }

    private static ResultActions range(ReaderAt anna, String path, String range) {
        return anna.visitor().send(get(path).header("Range", range));
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

    @Test
    void aZipHoldsFilesOfAnyName() throws Exception {
        var text = "x".getBytes(UTF_8);
        var anna = holding(
                "attach-zip-names",
                Mails.withAttachments(
                        "Names",
                        Mails.attachmentPart("a.İİ", "text/plain", text),
                        Mails.attachmentPart("a.İİ", "text/plain", text)));
        var answer = anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), "Names") + "/attachments.zip")
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(answer))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("a.İİ");
            assertThat(zip.getNextEntry().getName()).isEqualTo("a (2).İİ");
        }
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
