package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.MimeReader;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ApiTest
class MessageContentApiTests {
    @Autowired
    Api api;

    @Test
    void aMessageIsOpenedWithTextHeadersAndAttachments() throws Exception {
        var anna = holding("open-rich", Mails.rich("Rich"));
        var before = anna.store.messages("INBOX");
        var message = open(anna, "Rich");
        assertThat(message.at("/body/text").asString()).startsWith("Look at the red.");
        assertThat(message.at("/body/html").asString())
                .isEqualTo("/api/v1/messages/" + message.required("id").asString() + "/html");
        assertThat(message.at("/headers/0/name").asString()).isEqualTo("From");
        assertThat(message.required("messageId").asString()).isEqualTo(Mail.idOf("Rich"));
        var attachments = message.required("attachments");
        assertThat(attachments.size()).isEqualTo(2);
        assertThat(attachments.get(0).required("name").asString()).isEqualTo("red.png");
        assertThat(attachments.get(0).required("disposition").asString()).isEqualTo("inline");
        assertThat(attachments.get(0).required("shownInPage").asBoolean()).isTrue();
        assertThat(attachments.get(1).required("shownInPage").asBoolean()).isFalse();
        assertThat(attachments.get(1).required("name").asString()).isEqualTo("report.pdf");
        assertThat(attachments.get(1).required("size").asInt()).isBetween(2900, 3100);
        assertThat(anna.store.messages("INBOX")).as("reading changes nothing").isEqualTo(before);
    }

    @Test
    void thePageCarriesItsImagesAndIsNotFetchedTwice() throws Exception {
        var anna = holding("open-page", Mails.rich("Rich"));
        var id = open(anna, "Rich").required("id").asString();
        var expected = "<img src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(Mails.PIXEL) + "\"";
        for (int i = 0; i < 2; i++) {
            anna.visitor()
                    .get("/messages/" + id + "/html")
                    .andExpect(status().isOk())
                    .andExpect(content().contentType("text/html;charset=UTF-8"))
                    .andExpect(header().string("Valija-Blocked-Remote", "0"))
                    .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                    .andExpect(header().string("Referrer-Policy", "no-referrer"))
                    .andExpect(header().string(
                                    "Content-Security-Policy", containsString("default-src 'none'; img-src data:")))
                    .andExpect(header().string("Content-Security-Policy", containsString("sandbox allow-popups")))
                    .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors 'self'")))
                    .andExpect(content().string(containsString(expected)));
        }
        assertThat(anna.store.calls().stream().filter("open INBOX"::equals)).hasSize(1);
        assertThat(anna.store.calls().stream().filter("writePart INBOX"::equals))
                .hasSize(1);
        anna.visitor().get("/messages/" + id + "/html?images=all").andExpect(status().isBadRequest());
    }

    @Test
    void whoQuotesAPageGetsItsImagesAsAddressesOfParts() throws Exception {
        var anna = holding("quote-images", Mails.withInlineImage("Picture"));
        var message = open(anna, "Picture");
        var id = message.at("/id").asString();

        var page = anna.visitor().get("/messages/" + id + "/html?images=parts").andExpect(status().isOk());
        var html = page.andReturn().getResponse().getContentAsString();
        var image = message.at("/attachments/0");
        assertThat(image.at("/shownInPage").asBoolean()).isTrue();
        assertThat(html)
                .contains("src=\"/api/v1/messages/" + id + "/parts/"
                        + image.at("/partId").asString() + "\"");
        assertThat(html).doesNotContain("data:");
    }

    @Test
    void aHostilePageIsDefusedAndItsRemoteImagesCounted() throws Exception {
        var anna = holding(
                "open-hostile",
                Mails.html(
                        "Hostile",
                        "<p onclick=\"alert(1)\">Hi<script>alert(2)</script><img src=\"https://evil.example/t.gif\">"
                                + "<img src=\"/api/v1/session\"><img src=\"cid:nobody@example.org\">"
                                + "<form action=\"https://evil.example\"><input name=a></form></p>"));
        var message = open(anna, "Hostile");
        assertThat(message.at("/body/blockedRemote").asInt()).isPositive();
        assertThat(message.at("/body/text").asString()).contains("Hi").doesNotContain("alert");
        var page = anna.visitor()
                .get(message.at("/body/html").asString().substring("/api/v1".length()))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).contains("Hi").doesNotContain("alert", "evil.example", "<form", "<input", "src=\"/api");
    }

    @Test
    void anotherMessageInItsPlaceIsNotShownForIt() {
        var anna = mistaking("open-another", Mails.plain("Mine", "what I wrote"), Mails.plain("Other"));
        var id = anna.message(anna.inbox(), "Mine");
        anna.store.renumbersQuietly("INBOX");
        assertThat(anna.ok(anna.visitor().get("/messages/" + id))
                        .at("/body/text")
                        .asString())
                .startsWith("what I wrote");
    }

    @Test
    void aMessageThatOnlySeemsToBeAnotherIsShown() {
        var anna = mistaking("open-odd", Mails.plain("So the server"), Mails.plain("And so we", "what I wrote"));
        assertThat(open(anna, "So the server").at("/body/text").asString()).startsWith("what I wrote");
    }

    private ReaderAt mistaking(String name, Mail mail, Mail other) {
        var reader = new ReaderAt(api, name);
        reader.store.mistakes(reader.store.holds(mail), other);
        complete(reader, reader.inbox());
        return reader;
    }

    @Test
    void plainTextHasNoPageOfItsOwnButCanBeShownAsOne() throws Exception {
        var anna = holding("open-plain", Mails.plain("Plain", "5 < 6 & \"so on\"\n> quoted"));
        var message = open(anna, "Plain");
        assertThat(message.at("/body/html").isNull()).isTrue();
        assertThat(message.required("attachments").isEmpty()).isTrue();
        anna.visitor()
                .get("/messages/" + message.required("id").asString() + "/html")
                .andExpect(content().string(containsString("5 &lt; 6 &amp;")));
    }

    @Test
    void partsAreSentSafely() throws Exception {
        var png = Mails.PIXEL;
        var anna = holding(
                "open-parts",
                Mails.withAttachment("Real", "ünïcode \"q\".png", "image/png", png),
                Mails.withAttachment("Fake", "photo.png", "image/png", "<html><script>".getBytes()),
                Mails.withAttachment("Page", "page.html", "text/html", "<script>alert(1)</script>".getBytes()),
                Mails.withAttachment("Short", "a.bin", "application/x-thing", new byte[] {1}));
        part(anna, "Real", "2?disposition=inline")
                .andExpect(content().contentType("image/png"))
                .andExpect(content().bytes(png))
                .andExpect(header().string("Content-Security-Policy", containsString("sandbox")))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string(
                                "Content-Disposition",
                                "inline; filename=\"unicode _q_.png\"; filename*=UTF-8''%C3%BCn%C3%AFcode%20_q_.png"));
        part(anna, "Real", "2").andExpect(header().string("Content-Disposition", containsString("attachment;")));
        part(anna, "Fake", "2?disposition=inline")
                .andExpect(header().string("Content-Disposition", containsString("attachment;")));
        part(anna, "Page", "2?disposition=inline")
                .andExpect(content().contentType("application/octet-stream"))
                .andExpect(header().string("Content-Disposition", containsString("attachment;")));
        part(anna, "Short", "2")
                .andExpect(content().contentType("application/octet-stream"))
                .andExpect(content().bytes(new byte[] {1}));
        var id = anna.message(anna.inbox(), "Short");
        anna.visitor().get("/messages/" + id + "/parts/9").andExpect(status().isNotFound());
        anna.visitor().get("/messages/" + id + "/parts/x").andExpect(status().isNotFound());
        anna.visitor().get("/messages/" + id + "/parts/2?disposition=odd").andExpect(status().isBadRequest());
    }

    @Test
    void theSourceIsOctetForOctetTheProviders() throws Exception {
        var mail = Mails.rich("Año / 2026: plan");
        var anna = holding("open-raw", mail);
        anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), "Año / 2026: plan") + "/raw")
                .andExpect(status().isOk())
                .andExpect(content().contentType("message/rfc822"))
                .andExpect(header().string("Content-Disposition", containsString("filename=\"Ano _ 2026_ plan.eml\"")))
                .andExpect(content().bytes(mail.bytes()));
    }

    @Test
    void aMessageGoneFromTheProviderIsGoneHere() throws Exception {
        var anna = holding("open-gone", Mails.plain("Here"), Mails.plain("Gone"));
        var id = anna.message(anna.inbox(), "Gone");
        anna.store.expunges("INBOX", anna.store.messages("INBOX").get(1).id());
        anna.visitor().get("/messages/" + id).andExpect(status().isNotFound());
        assertThat(ReaderAt.subjects(anna.page(anna.inbox(), ""))).containsExactly("Here");
        anna.visitor().get("/messages/" + id + "/raw").andExpect(status().isNotFound());
    }

    @Test
    void afterUidvalidityChangedTheSameIdOpensTheSameMessage() throws Exception {
        var anna = holding("open-renumbered", Mails.plain("Same", "Body."));
        var id = anna.message(anna.inbox(), "Same");
        anna.store.renumbers("INBOX");
        anna.visitor()
                .get("/messages/" + id)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.body.text").value(containsString("Body.")));
    }

    @Test
    void octetsThatAreNoMailAreShownAllTheSame() throws Exception {
        var anna = new ReaderAt(api, "open-odd");
        anna.store.receives("INBOX", "no header at all\r\n\r\n\u0000\u0001".getBytes(), Mails.NOON, Set.of());
        complete(anna, anna.inbox());
        var id = anna.page(anna.inbox(), "").at("/items/0/id").asString();
        anna.visitor().get("/messages/" + id).andExpect(status().isOk());
        anna.visitor().get("/messages/" + id + "/html").andExpect(status().isOk());
    }

    @Test
    void failuresOfTheProviderAreProblems() throws Exception {
        var anna = holding("open-down", Mails.rich("Rich"));
        var id = anna.message(anna.inbox(), "Rich");
        anna.store.failsWith(new UpstreamException.Unavailable("down", null));
        for (var path : List.of("", "/html", "/raw", "/parts/2")) {
            anna.visitor()
                    .get("/messages/" + id + path)
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().exists("Retry-After"))
                    .andExpect(jsonPath("$.type").value("/problems/upstream-unavailable"));
        }
    }

    @Test
    void anothersMessageIsNotThere() throws Exception {
        var anna = holding("open-mine", Mails.rich("Rich"));
        var id = anna.message(anna.inbox(), "Rich");
        var berta = new ReaderAt(api, "open-hers");
        for (var path : List.of("", "/html", "/raw", "/parts/2")) {
            berta.visitor().get("/messages/" + id + path).andExpect(status().isNotFound());
            berta.visitor()
                    .get("/messages/" + berta.account() + "-99999" + path)
                    .andExpect(status().isNotFound());
            berta.visitor().get("/messages/nonsense" + path).andExpect(status().isNotFound());
        }
    }

    @Test
    void aMessageWithinIsShownAndItsAttachmentsCanBeHad() throws Exception {
        var anna = holding("open-within", Mails.forwarding("Outer", Mails.withInlineImage("Inner")));
        var message = open(anna, "Outer");
        var inner = message.at("/embedded/0");
        assertThat(message.at("/body/text").asString()).startsWith("As promised.");
        assertThat(message.at("/attachments/0/name").asString()).isEqualTo("forwarded.eml");
        assertThat(inner.required("subject").asString()).isEqualTo("Inner");
        assertThat(inner.at("/body/html").asString()).endsWith("/parts/2/html");
        var image = inner.at("/attachments/0");
        assertThat(image.required("name").asString()).isEqualTo("red.png");
        part(anna, "Outer", image.required("partId").asString())
                .andExpect(content().bytes(Mails.PIXEL));
        var id = message.required("id").asString();
        anna.visitor()
                .get("/messages/" + id + "/parts/" + inner.required("partId").asString() + "/html")
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Security-Policy", containsString("default-src 'none'")))
                .andExpect(content().string(containsString("<img src=\"data:image/png;base64,")));
        anna.visitor().get("/messages/" + id + "/parts/1/html").andExpect(status().isNotFound());
    }

    @Test
    void anImageThatWouldTakeGigabytesIsNotShown() throws Exception {
        var vast = Mails.PIXEL.clone();
        ByteBuffer.wrap(vast).putInt(16, 60_000).putInt(20, 60_000);
        var anna = holding("open-vast", Mails.withInlineImage("Vast", vast));
        anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), "Vast") + "/html")
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("<img src=\"data:,\"")));
    }

    @Test
    void outlooksContainerIsShownAsTheFilesInIt() throws Exception {
        var mail = MimeReader.read(Files.readAllBytes(Path.of("src/test/resources/mail/tnef-attachments.eml")));
        var winmail = mail.decoded(mail.structure().children().getLast()).orElseThrow();
        var anna = holding("open-tnef", Mails.withAttachment("Packed", "winmail.dat", "application/ms-tnef", winmail));
        var message = open(anna, "Packed");
        assertThat(message.at("/attachments/0/name").asString()).isEqualTo("Übersicht.pdf");
        assertThat(message.at("/attachments/0/partId").asString()).isEqualTo("2~1");
        assertThat(message.at("/attachments/1/name").asString()).isEqualTo("notes.txt");
        part(anna, "Packed", "2~2").andExpect(content().bytes("Notes.\n".getBytes(StandardCharsets.UTF_8)));
        var details =
                anna.ok(anna.visitor().get("/messages/" + message.required("id").asString() + "/attachments"));
        assertThat(details.at("/items/1/type").asString()).isEqualTo("text/plain");
        assertThat(details.at("/items/1/preview").asString()).isEqualTo("text");
        anna.visitor()
                .get("/messages/" + message.required("id").asString() + "/parts/2~9")
                .andExpect(status().isNotFound());
    }

    @Test
    void anImageInOutlooksContainerIsShownInItsPage() throws Exception {
        var mail = MimeReader.read(Files.readAllBytes(Path.of("src/test/resources/mail/tnef-page-shows-image.eml")));
        var winmail = mail.decoded(mail.structure()).orElseThrow();
        var anna =
                holding("open-tnef-page", Mails.withAttachment("Red", "winmail.dat", "application/ms-tnef", winmail));
        assertThat(open(anna, "Red").at("/attachments/0/shownInPage").asBoolean())
                .isTrue();
        anna.visitor()
                .get("/messages/" + anna.message(anna.inbox(), "Red") + "/html")
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("<img src=\"data:image/png;base64,")));
    }

    @Test
    void whatIsCutSaysSo() throws Exception {
        var anna = holding(
                "open-cut",
                Mails.html("Short", "<p>all</p>"),
                Mails.html("Tags", "<b>x</b>".repeat(60_000)),
                Mails.plain("Source", ("--x\n\n" + "y".repeat(300) + "\n").repeat(2001))
                        .header("Content-Type", "multipart/mixed; boundary=x"));
        assertThat(open(anna, "Short").at("/body/cut").asBoolean()).isFalse();
        assertThat(open(anna, "Tags").at("/body/cut").asBoolean()).isTrue();
        assertThat(open(anna, "Source").at("/body/cut").asBoolean()).isTrue();
    }

    @Test
    void aMessageThatIsTooMuchIsShownAsItsSource() throws Exception {
        var anna = holding(
                "open-source",
                Mails.plain("Too much", "--x\n\ny\n".repeat(2001))
                        .header("Content-Type", "multipart/mixed; boundary=x"));
        var message = open(anna, "Too much");
        assertThat(message.required("isSource").asBoolean()).isTrue();
        assertThat(message.at("/body/text").asString()).contains("Subject: Too much");
    }

    private ReaderAt holding(String name, Mail... mails) {
        var reader = new ReaderAt(api, name);
        for (int i = 0; i < mails.length; i++) {
            reader.store.holds(mails[i].sentAt(Mails.NOON.plusSeconds(i)));
        }
        complete(reader, reader.inbox());
        return reader;
    }

    private static tools.jackson.databind.JsonNode open(ReaderAt reader, String subject) {
        return reader.ok(reader.visitor().get("/messages/" + reader.message(reader.inbox(), subject)));
    }

    private static org.springframework.test.web.servlet.ResultActions part(ReaderAt reader, String subject, String part)
            throws Exception {
        return reader.visitor()
                .get("/messages/" + reader.message(reader.inbox(), subject) + "/parts/" + part)
                .andExpect(status().isOk());
    }
}
