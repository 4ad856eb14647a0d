package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.WebServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

/** Remote images: nothing is fetched before the reader says so, and then images only, once, without a trace of who reads. */
@ApiTest
class RemoteImagesApiTests {
    private static final Pattern ADDRESS = Pattern.compile("src=\"(/api/v1/images/[^\"]+)\"");

    @Autowired
    Api api;

    /** Is told of every request that a message causes. */
    private final WebServer catcher = new WebServer().with("/red.png", "text/html", Mails.PIXEL);

    @AfterEach
    void stop() {
        catcher.close();
    }

    /** Everything in HTML and CSS that is known to fetch. */
    @Test
    void nothingIsFetchedBeforeConsent() throws Exception {
        var url = catcher.url("/red.png");
        var page = """
                <html><head><link rel=stylesheet href="@"><style>@import "@"; body{background:url(@)}
                @font-face{font-family:x;src:url(@)}</style><meta http-equiv=refresh content="0;url=@"><base href="@"></head>
                <body background="@"><img src="@"><img srcset="@ 2x" src="@"><picture><source srcset="@"><img></picture>
                <video src="@" poster="@"></video><audio src="@"></audio><iframe src="@"></iframe><object data="@"></object>
                <embed src="@"><input type=image src="@"><table background="@"><td background="@" style="background:url(@)">
                <svg><image href="@"/><use href="@"/></svg><img src="@" width=1 height=1><div style="content:url('@')">
                """.replace("@", url);
        var reader = holding("images-none", Mails.html("Hello", page));
        var message = open(reader, "Hello");
        assertThat(message.at("/body/blockedRemote").asInt()).isPositive();
        assertThat(message.at("/body/imagesAllowed").asBoolean()).isFalse();
        reader.page(reader.inbox(), "");
        reader.visitor()
                .get("/messages/" + id(reader, "Hello") + "/html")
                .andExpect(header().string("Content-Security-Policy", containsString("img-src data:;")))
                .andExpect(content().string(not(containsString("localhost"))))
                .andExpect(content().string(not(containsString("/api/v1/images"))));
        // Consent is not a request either: the page asks when it is shown.
        proxied(reader, "Hello");
        assertThat(catcher.asked()).isEmpty();
    }

    @Test
    void withConsentAnImageComesThroughUs() throws Exception {
        var reader = holding(
                "images-shown", Mails.html("Hello", "<p>Hi<img src=\"" + catcher.url("/red.png") + "\" alt=Red>"));
        var page = proxied(reader, "Hello")
                .andExpect(header().string("Valija-Blocked-Remote", "0"))
                .andExpect(header().string(
                                "Content-Security-Policy", containsString("default-src 'none'; img-src 'self' data:;")))
                .andExpect(content().string(not(containsString("localhost"))))
                .andReturn();
        var address = addresses(page.getResponse().getContentAsString()).getFirst();
        for (int i = 0; i < 3; i++) {
            api.perform(get(address))
                    .andExpect(status().isOk())
                    .andExpect(content().contentType("image/png")) // whatever the server called it
                    .andExpect(content().bytes(Mails.PIXEL))
                    .andExpect(header().string("Cache-Control", "max-age=3600, private"))
                    .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                    .andExpect(header().string("Content-Security-Policy", "default-src 'none'; sandbox"))
                    .andExpect(header().doesNotExist("Set-Cookie"));
        }
        assertThat(catcher.asked()).as("fetched once").hasSize(1);
        assertThat(catcher.asked().getFirst().headers())
                .doesNotContainKeys(
                        "Cookie", "Referer", "Accept-language", "Authorization", "Origin", "X-forwarded-for");
    }

    @Test
    void manyTabsFetchAnImageOnce() throws Exception {
        var reader = holding("images-tabs", html(catcher.url("/red.png")));
        var tabs = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            tabs.addAll(addresses(reader, "Hello")); // each with an address of its own
        }
        assertThat(tabs).hasSize(12).doesNotHaveDuplicates();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var task : tabs.stream()
                    .map(address ->
                            threads.submit(() -> api.perform(get(address)).andExpect(status().isOk())))
                    .toList()) {
                task.get();
            }
        }
        assertThat(catcher.asked()).hasSize(1);
    }

    @Test
    void whatIsThereToBeFetchedAndNotSeenStaysOut() throws Exception {
        var url = catcher.url("/red.png");
        var reader = holding(
                "images-pixels",
                Mails.html(
                        "Hello",
                        "<p>Hi<img width=1 height=1 src=\"" + url + "?a\"><img height=\"2px\" width=2 src=\"" + url
                                + "?b\"><img width=0 src=\"" + url + "?c\"><img width=20 height=20 src=\"" + url
                                + "?d\">"));
        assertThat(addresses(reader, "Hello")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"user", "message", "url", "cut", "empty", "nonsense"})
    void anAddressIsGoodForNothingElse(String changed) throws Exception {
        var reader = holding("images-sealed-" + changed, html(catcher.url("/red.png")), Mails.plain("Other"));
        var address = addresses(reader, "Hello").getFirst();
        var token = address.substring(address.lastIndexOf('/') + 1);
        var octets = Base64.getUrlDecoder().decode(token);
        octets[
                switch (changed) {
                    case "user" -> 19; // behind the nonce: user, expiry, URL
                    case "url" -> 40;
                    default -> 0;
                }] ^= 1;
        var forged = switch (changed) {
            case "message" -> "/api/v1/images/" + id(reader, "Other") + "/" + token;
            case "cut" -> address.substring(0, address.length() - 4);
            case "empty" -> address.substring(0, address.length() - token.length()) + "A";
            case "nonsense" -> "/api/v1/images/x/" + token;
            default ->
                address.replace(token, Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
        };
        api.perform(get(forged))
                .andExpect(status().isGone())
                .andExpect(content().contentType("image/png"));
        assertThat(catcher.asked()).isEmpty();
        assertThat(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1))
                .as("no log along the way has what is looked at")
                .doesNotContain("localhost");
    }

    @Test
    void anotherUsersAccountMakesNoAddress() throws Exception {
        var reader = holding("images-hers", html(catcher.url("/red.png")));
        var id = id(reader, "Hello");
        var other = new ReaderAt(api, "images-other");
        other.visitor().get("/messages/" + id + "/html?images=proxied").andExpect(status().isNotFound());
    }

    /** What is no image that we show, what is too much, and what cannot be had: a placeholder, and no second try at once. */
    @Test
    void whatIsNoImageIsNotShown() throws Exception {
        catcher.with("/page", "image/png", "<html><script>alert(1)</script>".getBytes(StandardCharsets.UTF_8))
                .with(
                        "/svg",
                        "image/svg+xml",
                        "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8))
                .with("/large.png", "image/png", padded(Mails.PIXEL, (5 << 20) + 1))
                .with("/bomb.png", "image/png", bomb(7000, 7000))
                .answering("/away", 302, Map.of("Location", "https://127.0.0.1:" + catcher.port() + "/red.png"))
                .answering("/error", 500, Map.of());
        var urls = List.of("/page", "/svg", "/large.png", "/bomb.png", "/away", "/error", "/none");
        var reader = holding("images-bad", html(urls.stream().map(catcher::url).toArray(String[]::new)));
        var addresses = addresses(reader, "Hello");
        assertThat(addresses).hasSize(urls.size());
        for (var address : addresses) {
            for (int i = 0; i < 2; i++) {
                api.perform(get(address))
                        .andExpect(status().isBadGateway())
                        .andExpect(content().contentType("image/png"))
                        .andExpect(header().string("Cache-Control", "max-age=60, private"));
            }
        }
        assertThat(catcher.asked()).hasSize(urls.size());
    }

    @Test
    void whatIsJustSmallEnoughIsShown() throws Exception {
        catcher.with("/a.png", "image/png", padded(Mails.PIXEL, 5 << 20)).with("/b.png", "image/png", bomb(8000, 5000));
        var reader = holding("images-large", html(catcher.url("/a.png"), catcher.url("/b.png")));
        for (var address : addresses(reader, "Hello")) {
            api.perform(get(address)).andExpect(status().isOk());
        }
    }

    /** No address of ours is made of what we would not fetch. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user@localhost/a.png",
                "https://example.org:25/a.png",
                "https://0x7f.1/a.png",
                "https://exam%70le.org/a.png",
                "https://example.org\\@127.0.0.1/",
                "ftp://example.org/a.png",
                "https://example.org/&#13;&#10;X:y",
                "https://example.org&#13;&#10;/a.png",
                "https://example.org/&#0;.png"
            })
    void addressesThatAreNoneAreNotProxied(String url) throws Exception {
        var reader = holding("images-none-" + Integer.toHexString(url.hashCode()), html(url));
        for (var address : addresses(reader, "Hello")) {
            // An HTML parser may have taken the controls out: then it is a plain address, and nothing is injected.
            assertThat(url).contains("&#");
            api.perform(get(address));
        }
        assertThat(catcher.asked()).isEmpty();
    }

    @Test
    void asSenderMayBeAllowedForGoodAndDisallowedAgain() throws Exception {
        var reader = holding("images-always", html(catcher.url("/red.png")).from("Shop", "News@Shop.example"));
        assertThat(allowed(reader, "Hello")).isFalse();
        var added = api.json(reader.visitor()
                .post("/image-senders", Map.of("email", "news@shop.EXAMPLE"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.email").value("news@shop.example")));
        reader.visitor()
                .post("/image-senders", Map.of("email", "NEWS@shop.example"))
                .andExpect(jsonPath("$.id").value(added.required("id").asString()));
        assertThat(allowed(reader, "Hello")).isTrue();
        assertThat(catcher.asked()).as("knowing it fetches nothing").isEmpty();

        var other = holding("images-not-always", html(catcher.url("/red.png")).from("Shop", "News@Shop.example"));
        assertThat(allowed(other, "Hello")).as("another reader").isFalse();
        other.visitor()
                .delete("/image-senders/" + added.required("id").asString())
                .andExpect(status().isNotFound());

        reader.visitor()
                .get("/image-senders")
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].email").value("news@shop.example"));
        reader.visitor()
                .delete("/image-senders/" + added.required("id").asString())
                .andExpect(status().isNoContent());
        assertThat(allowed(reader, "Hello")).isFalse();
    }

    /** Anybody may write that address into From: what the reader allowed is not theirs. */
    @Test
    void whoeverForgesAnAllowedSenderIsNotAllowed() throws Exception {
        var shop = html(catcher.url("/red.png")).from("Shop", "forged@shop.example");
        var reader = holding(
                "images-forged",
                subject(shop, "unsaid"),
                subject(shop, "passed").header("Authentication-Results", "mx.example; spf=fail; dkim=pass; dmarc=pass"),
                subject(shop, "signed")
                        .header("Authentication-Results", "mx.example; spf=fail smtp.mailfrom=x; dkim=pass"),
                subject(shop, "dmarc")
                        .header("Authentication-Results", "mx.example;\r\n dmarc=fail (p=none) header.from=shop"),
                subject(shop, "comment").header("Authentication-Results", "mx.example (dmarc=pass); DMARC = Fail"),
                subject(shop, "dkim").header("Authentication-Results", "mx.example; dkim=fail; spf=pass"),
                subject(shop, "two").header("From", "forged@shop.example, mallory@evil.example"));
        reader.visitor().post("/image-senders", Map.of("email", "forged@shop.example"));
        for (var good : List.of("unsaid", "passed", "signed")) {
            assertThat(allowed(reader, good)).as(good).isTrue();
        }
        for (var bad : List.of("dmarc", "comment", "dkim", "two")) {
            assertThat(allowed(reader, bad)).as(bad).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a@", "@b", "a b@c", "a@b\\r\\nc", "a@b\\u0000", "a@b\\n", "a@b@c"})
    void asSenderWithoutAnAddressIsRefused(String email) throws Exception {
        var visitor = new ReaderAt(api, "images-badly").visitor();
        visitor.post("/image-senders", "{\"email\":\"" + email + "\"}")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("/email"));
        visitor.post("/image-senders", "{}").andExpect(status().isBadRequest());
    }

    private ReaderAt holding(String name, Mail... mails) {
        var reader = new ReaderAt(api, name);
        for (int i = 0; i < mails.length; i++) {
            reader.store.holds(mails[i].sentAt(Mails.NOON.plusSeconds(i)));
        }
        complete(reader, reader.inbox());
        return reader;
    }

    private static Mail html(String... urls) {
        var page = new StringBuilder("<p>Hi");
        for (var url : urls) {
            page.append("<img src=\"").append(url).append("\">");
        }
        return Mails.html("Hello", page.toString());
    }

    private static Mail subject(Mail mail, String subject) {
        return mail.header("Subject", subject).header("Message-ID", "<" + subject + "@shop.example>");
    }

    private static String id(ReaderAt reader, String subject) {
        return reader.message(reader.inbox(), subject);
    }

    private static tools.jackson.databind.JsonNode open(ReaderAt reader, String subject) {
        return reader.ok(reader.visitor().get("/messages/" + id(reader, subject)));
    }

    private static boolean allowed(ReaderAt reader, String subject) {
        return open(reader, subject).at("/body/imagesAllowed").asBoolean();
    }

    private static ResultActions proxied(ReaderAt reader, String subject) throws Exception {
        return reader.visitor()
                .get("/messages/" + id(reader, subject) + "/html?images=proxied")
                .andExpect(status().isOk());
    }

    private static List<String> addresses(ReaderAt reader, String subject) throws Exception {
        return addresses(proxied(reader, subject).andReturn().getResponse().getContentAsString());
    }

    private static List<String> addresses(String page) {
        return ADDRESS.matcher(page).results().map(found -> found.group(1)).toList();
    }

    private static byte[] padded(byte[] image, int length) {
        return java.util.Arrays.copyOf(image, length);
    }

    /** A PNG that promises to be that large. */
    private static byte[] bomb(int width, int height) {
        return java.nio.ByteBuffer.wrap(Mails.PIXEL.clone())
                .putInt(16, width)
                .putInt(20, height)
                .array();
    }
}
