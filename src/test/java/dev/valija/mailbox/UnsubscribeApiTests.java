package dev.valija.mailbox;

import static dev.valija.mailbox.MessageListApiTests.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.WebServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

@ApiTest
class UnsubscribeApiTests {
    private static final String ONE_CLICK = "List-Unsubscribe=One-Click";

    @Autowired
    Api api;

    private final WebServer list = new WebServer();

    @AfterEach
    void stop() {
        list.close();
    }

    @Test
    void oneClickLeavesTheList() throws Exception {
        list.answering("/u", 202, Map.of("Set-Cookie", "a=b"));
        var reader =
                holding("unsub-done", "<mailto:u@list.example?subject=Leave>, <" + list.url("/u?t=1") + ">", ONE_CLICK);
        var message = open(reader);
        assertThat(message.at("/unsubscribe/oneClick").asBoolean()).isTrue();
        assertThat(message.at("/unsubscribe/mail/address").asString()).isEqualTo("u@list.example");
        assertThat(message.at("/unsubscribe/mail/subject").asString()).isEqualTo("Leave");
        assertThat(list.asked()).as("nothing before the click").isEmpty();
        unsubscribe(reader).andExpect(status().isNoContent());
        assertThat(list.asked()).hasSize(1);
        var asked = list.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.target()).isEqualTo("/u?t=1");
        assertThat(asked.body()).isEqualTo(ONE_CLICK);
        assertThat(asked.headers()).doesNotContainKeys("Cookie", "Referer", "Authorization", "Accept-language");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 410, 500})
    void whatIsNotDoneIsNotCalledDone(int status) throws Exception {
        list.answering("/u", status, Map.of("Location", list.url("/done"))).answering("/done", 200, Map.of());
        var reader = holding("unsub-" + status, "<" + list.url("/u") + ">", ONE_CLICK);
        unsubscribe(reader)
                .andExpect(status().isBadGateway())
                .andExpect(jsonPath("$.type").value("/problems/unsubscribe-failed"))
                .andExpect(jsonPath("$.detail").value(containsString("" + status)));
        assertThat(list.asked()).as("a redirect is not followed").hasSize(1);
    }

    @Test
    void hostsWithinAreNotCalled() throws Exception {
        var reader = holding("unsub-within", "<https://127.0.0.1:" + list.port() + "/u>", ONE_CLICK);
        unsubscribe(reader)
                .andExpect(status().isBadGateway())
                .andExpect(jsonPath("$.type").value("/problems/unsubscribe-failed"));
        assertThat(list.asked()).isEmpty();
    }

    /** RFC 8058 3.1: https, and the other field. A page that only a browser can use is the reader's to open. */
    @Test
    void withoutOneClickNothingIsCalled() throws Exception {
        var page = holding("unsub-page", "<" + list.url("/u") + ">", null);
        assertThat(open(page).at("/unsubscribe/oneClick").asBoolean()).isFalse();
        assertThat(open(page).at("/unsubscribe/page").asString()).isEqualTo(list.url("/u"));
        unsubscribe(page).andExpect(status().is(422));
        var plain = holding("unsub-http", "<http://localhost:" + list.port() + "/u>", ONE_CLICK);
        assertThat(open(plain).at("/unsubscribe/oneClick").asBoolean()).isFalse();
        unsubscribe(plain).andExpect(status().is(422));
        var none = holding("unsub-none", null, ONE_CLICK);
        assertThat(open(none).at("/unsubscribe").isNull()).isTrue();
        unsubscribe(none).andExpect(status().isNotFound());
        assertThat(list.asked()).isEmpty();
    }

    @Test
    void anothersMessageIsNotThere() throws Exception {
        var reader = holding("unsub-mine", "<" + list.url("/u") + ">", ONE_CLICK);
        new ReaderAt(api, "unsub-hers")
                .visitor()
                .post("/messages/" + reader.message(reader.inbox(), "News") + "/unsubscribe", "")
                .andExpect(status().isNotFound());
        assertThat(list.asked()).isEmpty();
    }

    /** RFC 8058 4. */
    @Test
    void withoutASignatureThatMayHoldNothingIsCalled() throws Exception {
        var unsigned = holding("unsub-unsigned", offer().header("DKIM-Signature", null));
        assertThat(open(unsigned).at("/unsubscribe/oneClick").asBoolean()).isFalse();
        unsubscribe(unsigned).andExpect(status().is(422));
        var forged = holding(
                "unsub-forged", offer().header("Authentication-Results", "mx.example.org; dkim=fail; dmarc=fail"));
        assertThat(open(forged).at("/unsubscribe/oneClick").asBoolean()).isFalse();
        assertThat(open(forged).at("/unsubscribe/page").asString()).isEqualTo(list.url("/u"));
        unsubscribe(forged).andExpect(status().is(422));
        assertThat(list.asked()).isEmpty();
    }

    private Mail offer() {
        return offer("<" + list.url("/u") + ">", ONE_CLICK);
    }

    private static Mail offer(String field, String post) {
        return Mails.plain("News")
                .header("List-Unsubscribe", field)
                .header("List-Unsubscribe-Post", post)
                .header("DKIM-Signature", "v=1; d=list.example; h=From:List-Unsubscribe:List-Unsubscribe-Post; b=x");
    }

    private ReaderAt holding(String name, String field, String post) {
        return holding(name, offer(field, post));
    }

    private ReaderAt holding(String name, Mail mail) {
        var reader = new ReaderAt(api, name);
        reader.store.holds(mail);
        complete(reader, reader.inbox());
        return reader;
    }

    private static tools.jackson.databind.JsonNode open(ReaderAt reader) {
        return reader.ok(reader.visitor().get("/messages/" + reader.message(reader.inbox(), "News")));
    }

    private static ResultActions unsubscribe(ReaderAt reader) {
        return reader.visitor().post("/messages/" + reader.message(reader.inbox(), "News") + "/unsubscribe", "");
    }
}
