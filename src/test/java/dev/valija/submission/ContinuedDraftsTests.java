package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** Messages in Drafts that are gone on with: copies of ours, and what other programs began. */
class ContinuedDraftsTests extends DraftCopyCase {
    private static final String FOREIGN = """
            From: Me <me@example.org>
            To: Anna <anna@example.org>
            Bcc: secret@example.org
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <theirs@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/related; boundary=b

            --b
            Content-Type: text/html; charset=utf-8

            <b>Hello</b><script>x</script><img src="cid:pic@x">
            --b
            Content-Type: image/png; name=a.png
            Content-Disposition: inline; filename=a.png
            Content-ID: <pic@x>
            Content-Transfer-Encoding: base64

            iVBORw0KGgo=
            --b--
            """.replace("\n", "\r\n");

    @Test
    void aCopyIsGoneOnWithAsTheDraftItIs() throws Exception {
        var id = create(content("Mine"));
        mirror();
        var message = shown().at("/items/0/id").asString();

        goOn(message)
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Location", "/api/v1/drafts/" + id))
                .andExpect(jsonPath("$.id").value(id));
        assertThat(visitorDrafts()).isEqualTo(1);
    }

    @Test
    void aCopyIsKnownAgainWhenItsMailboxIsNumberedAnew() throws Exception {
        var id = create(content("Mine"));
        mirror();
        var message = shown().at("/items/0/id").asString();
        var before = copy().id();
        store.renumbers(DRAFTS);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            shown();
            assertThat(jdbc.sql("select remote_id from message_place where message_id = ?")
                            .param(Long.parseLong(message.substring(message.indexOf('-') + 1)))
                            .query(Long.class)
                            .single())
                    .isNotEqualTo(before.value());
        });

        goOn(message).andExpect(jsonPath("$.id").value(id));
    }

    @Test
    void whatIsBeingSentIsNotGoneOnWith() throws Exception {
        var content = content("On its way");
        content.put("to", List.of(person("anna@example.org")));
        var id = create(content);
        mirror();
        var message = shown().at("/items/0/id").asString();
        var submission = send(id, content, 60);
        goOn(message)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.type").value("/problems/conflict"));
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());

        goOn(message).andExpect(jsonPath("$.id").value(id));
    }

    @Test
    void whatCannotBeKeptLeavesNoFilesBehind() throws Exception {
        var id = create(content("Many"));
        jdbc.sql("""
                        insert into draft (user_id, account_id, idempotency_key, content, content_hash)
                        select user_id, account_id, 'many ' || n, content, content_hash
                          from draft, generate_series(1, 999) n where id = ?
                        """).param(Long.parseLong(id)).update();
        store.receives(DRAFTS, FOREIGN.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();

        goOn(message).andExpect(jsonPath("$.type").value("/problems/over-quota"));
        assertThat(uploads()).isZero();
    }

    @Test
    void whatIsLongerThanWhatIsReadIsNotGoneOnWith() throws Exception {
        store.holds(DRAFTS, Mails.plain("Long", "word ".repeat(MessageSource.LONGEST_TEXT / 4)), Keyword.DRAFT);

        goOn(shown().at("/items/0/id").asString())
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("messageId"));
    }

    @Test
    void whereTheRoomEndsAmongTheFilesNoneIsKept() throws Exception {
        var two = Mails.withAttachments(
                "Two files",
                Mails.attachmentPart("small.bin", "application/octet-stream", Mails.noise(10)),
                Mails.attachmentPart("large.bin", "application/octet-stream", Mails.noise(10_000)));
        store.holds(DRAFTS, two, Keyword.DRAFT);
        // So much of it is taken that the first file fits.
        jdbc.sql("""
                        insert into upload (user_id, name, type, length, master_key, data_key, created_at, expires_at)
                        select user_id, 'much', 'a/b', ?, '', '', now(), now() + interval '1 day'
                          from account where address = ?
                        """).param(536_870_912L - 5_000).param(address()).update();

        goOn(shown().at("/items/0/id").asString()).andExpect(jsonPath("$.type").value("/problems/over-quota"));
        assertThat(uploads()).as("but for what was there").isEqualTo(1);
    }

    @Test
    void whatIsGoneOnWithCanBeSavedWhateverItHolds() throws Exception {
        var many = "r@example.org, ".repeat(25) + "r@example.org";
        var odd = FOREIGN.replace("From: Me", "From: " + "M".repeat(3_000))
                .replace("Bcc: secret@", "Reply-To: " + many + "\r\nBcc: " + "s".repeat(400) + "@")
                .replace("Subject: ", "Subject: " + "S".repeat(900) + " ")
                .replace("pic@x", "p".repeat(300) + "@x");
        store.receives(DRAFTS, odd.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var draft = api.json(goOn(shown().at("/items/0/id").asString()).andExpect(status().isOk()));

        var content = json.convertValue(draft.at("/content"), new TypeReference<Map<String, Object>>() {});
        content.put("html", "<p>More</p>");
        change(draft.at("/id").asString(), 1, content);
    }

    @Test
    void anotherProgramsDraftIsGoneOnWith() throws Exception {
        var foreign =
                store.receives(DRAFTS, FOREIGN.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();

        var draft = api.json(goOn(message).andExpect(status().isOk()));
        var id = draft.at("/id").asString();
        assertThat(draft.at("/content/subject").asString()).isEqualTo("Grüße");
        assertThat(draft.at("/content/to/0/email").asString()).isEqualTo("anna@example.org");
        assertThat(draft.at("/content/bcc/0/email").asString()).isEqualTo("secret@example.org");
        assertThat(draft.at("/content/html").asString())
                .contains("<b>Hello</b>", "src=\"cid:pic@x\"")
                .doesNotContain("script");
        assertThat(draft.at("/content/attachments").size()).isEqualTo(1);
        assertThat(draft.at("/content/attachments/0/name").asString()).isEqualTo("a.png");
        assertThat(draft.at("/content/attachments/0/contentId").asString()).isEqualTo("pic@x");
        goOn(message).andExpect(jsonPath("$.id").value(id));
        mirror();
        assertThat(copy().id()).as("it stays as long as nothing is changed").isEqualTo(foreign);

        var content = json.convertValue(draft.at("/content"), new TypeReference<Map<String, Object>>() {});
        content.put("subject", "Changed");
        change(id, 1, content);
        mirror();
        assertThat(subjects()).containsExactly("Changed");
        assertThat(store.messages("Trash"))
                .as("theirs may hold more than ours")
                .extracting(RemoteMessage::id)
                .hasSize(1);
        assertThat(raw()).contains("filename=\"a.png\"", "Content-ID: <pic@x>", "Bcc: secret@example.org");

        remove(id, 2);
        mirror();
        assertThat(subjects()).isEmpty();
    }

    @Test
    void aMessageIdThatNoServerCanBeAskedForStopsNothing() throws Exception {
        var odd = FOREIGN.replace("theirs@example.org", "th\u00e9irs \"x\"@example.org");
        store.receives(DRAFTS, odd.getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        var message = shown().at("/items/0/id").asString();
        var draft = api.json(goOn(message).andExpect(status().isOk()));
        goOn(message).andExpect(jsonPath("$.id").value(draft.at("/id").asString()));
        var asked = store.calls().size();
        change(draft.at("/id").asString(), 1, content("Changed"));
        mirror();

        assertThat(subjects()).containsExactly("Changed");
        assertThat(store.calls().subList(asked, store.calls().size())).doesNotContain("findByMessageId Drafts");
    }

    @Test
    void onlyDraftsAreGoneOnWithAndOnlyOnesOwn() throws Exception {
        store.holds(Mails.plain("No draft"));
        var message = shown("inbox").at("/items/0/id").asString();

        goOn(message)
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].pointer").value("messageId"));
        api.signedIn("curious" + PEOPLE.incrementAndGet())
                .send(put("/api/v1/messages/" + message + "/draft"))
                .andExpect(status().isNotFound());
        goOn("1-999999").andExpect(status().isNotFound());
        goOn("nonsense").andExpect(status().isNotFound());
    }

    private int uploads() {
        return jdbc.sql("select count(*) from upload where user_id = (select user_id from account where address = ?)")
                .param(address())
                .query(Integer.class)
                .single();
    }
}
