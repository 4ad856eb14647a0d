package dev.valija.upload;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.Mails;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

@ApiTest
class UploadContentApiTests {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    @Autowired
    Api api;

    private Visitor visitor;
    private TusClient tus;

    @BeforeEach
    void someone() {
        visitor = api.signedIn("content" + PEOPLE.incrementAndGet());
        tus = new TusClient(visitor);
    }

    @Test
    void anImageIsSentAsWhatItsOctetsAre() throws Exception {
        var id = upload("harbour.svg", "image/svg+xml", Mails.PIXEL);
        fetch(id)
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Type", "image/png"))
                .andExpect(header().longValue("Content-Length", Mails.PIXEL.length))
                .andExpect(content().bytes(Mails.PIXEL));
    }

    @Test
    void whatOnlyCallsItselfAnImageIsSentAsOctets() throws Exception {
        var page = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".getBytes(StandardCharsets.US_ASCII);
        for (var type : new String[] {"image/svg+xml", "text/html", "image/png"}) {
            fetch(upload("../x\u202egnp.html", type, page))
                    .andExpect(header().string("Content-Type", "application/octet-stream"))
                    .andExpect(content().bytes(page));
        }
    }

    @Test
    void openedAsAPageItDoesNothing() throws Exception {
        fetch(upload("../\u202egnp.html", "text/html", Mails.PIXEL))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string(
                                "Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'self'"))
                .andExpect(header().string("Content-Disposition", startsWith("attachment;")))
                .andExpect(header().string("Content-Disposition", not(containsString(".."))))
                .andExpect(header().string("Cache-Control", containsString("no-store")));
    }

    @Test
    void anImageForWhichABrowserWouldNeedGigabytesIsNone() throws Exception {
        var vast = Mails.PIXEL.clone();
        Arrays.fill(vast, 17, 20, (byte) 0x7f);
        Arrays.fill(vast, 21, 24, (byte) 0x7f);
        fetch(upload("vast.png", "image/png", vast))
                .andExpect(header().string("Content-Type", "application/octet-stream"));
    }

    @Test
    void manyStretchesComeWhole() throws Exception {
        var octets = TusClient.octets(3 * Octets.STRETCH + 5, 3);
        fetch(tus.upload(octets)).andExpect(content().bytes(octets));
    }

    @Test
    void onlyItsOwnerGetsItAndOnlyAllOfIt() throws Exception {
        var id = upload("mine.png", "image/png", Mails.PIXEL);
        api.signedIn("content-other").get("/uploads/" + id + "/content").andExpect(status().isNotFound());
        api.stranger().get("/uploads/" + id + "/content").andExpect(status().isUnauthorized());
        fetch("nonsense").andExpect(status().isNotFound());

        var begun = tus.begin(10);
        tus.append(begun, 0, new byte[4]);
        fetch(begun)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
    }

    private ResultActions fetch(String id) {
        return visitor.get("/uploads/" + id + "/content");
    }

    private String upload(String name, String type, byte[] octets) {
        var made = tus.create(octets.length, Map.of("filename", name, "filetype", type));
        var id = api.json(made).at("/id").asString();
        tus.append(id, 0, octets);
        return id;
    }
}
