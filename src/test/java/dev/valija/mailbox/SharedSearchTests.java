package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.account.UserId;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.sharing.SharingCase;
import dev.valija.support.Api;
import dev.valija.support.ApiTest;
import dev.valija.support.Mails;
import dev.valija.upstream.Interruption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A search that goes on when what it looks into is shared no longer. */
@ApiTest
class SharedSearchTests {
    @Autowired
    Api api;

    @Autowired
    MessageSearch search;

    @Test
    void whatIsTakenBackIsFoundNoMore() throws Exception {
        var anna = new SharingCase(api, "searched-anna", Mails.plain("Bill"));
        var ben = anna.member("searched-ben", "read", null);
        anna.message("INBOX", "Bill");
        var user = new UserId(
                Long.parseLong(api.json(ben.get("/session")).at("/user/id").asString()));
        var scope = search.scope(user, Long.parseLong(anna.account), null);
        assertThat(found(scope)).containsExactly("Bill");
        var share = api.json(ben.get("/shares")).at("/items/0/id").asString();
        anna.owner.delete("/accounts/" + anna.account + "/shares/" + share).andExpect(status().isNoContent());
        assertThat(found(scope)).isEmpty();
    }

    private List<String> found(SearchScope scope) throws Exception {
        var found = new ArrayList<String>();
        search.stream(scope, QueryParser.parse("bill"), 10, new Interruption(), new MessageSearch.Listener() {
            @Override
            public void hits(List<MessageSummary> hits) {
                hits.forEach(hit -> found.add(hit.subject()));
            }

            @Override
            public void progress(int searched, int total) {}
        });
        return found;
    }
}
