package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import dev.valija.upstream.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** One copy of each draft at the provider, and other programs' drafts beside it. */
class DraftMirrorTests extends DraftCopyCase {
    @Autowired
    DraftCopies copies;

    @Test
    void thereIsOneCopyOfADraftAsItIs() throws Exception {
        var id = create(content("First"));
        mirror();
        assertThat(subjects()).containsExactly("First");

        change(id, 1, content("Second"));
        change(id, 2, content("Third"));
        mirror();

        assertThat(subjects()).containsExactly("Third");
        assertThat(copy().keywords()).containsExactlyInAnyOrder(Keyword.DRAFT, Keyword.SEEN);
        var message = shown().at("/items/0/id").asString();
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").value(message));
    }

    @Test
    void itHasAllThatOthersCanUse() throws Exception {
        var content = content("Trip");
        content.put("to", List.of(person("anna@example.org"), person("jo")));
        content.put("bcc", List.of(person("secret@example.org")));
        content.put("attachments", List.of(Map.of("messageId", "9-9", "partId", "2", "name", "gone.pdf")));
        create(content);
        mirror();

        assertThat(raw()).contains("To: anna@example.org\r\n", "Bcc: secret@example.org\r\n", "<p>Text</p>");
    }

    @Test
    void whatIsThrownAwayOrSentHasNone() throws Exception {
        var thrown = create(content("Thrown away"));
        var sent = content("Sent");
        sent.put("to", List.of(person("anna@example.org")));
        var going = create(sent);
        mirror();
        assertThat(subjects()).containsExactlyInAnyOrder("Thrown away", "Sent");

        remove(thrown, 1);
        send(going, sent, 0);
        await().until(() -> visitorDrafts() == 0);
        mirror();

        assertThat(subjects()).isEmpty();
    }

    @Test
    void whatIsTakenBackInTimeKeepsItsCopy() throws Exception {
        var content = content("Wait");
        content.put("to", List.of(person("anna@example.org")));
        var id = create(content);
        mirror();
        var copy = copy().id();

        var submission = send(id, content, 60);
        mirror();
        visitor.delete("/submissions/" + submission).andExpect(status().isOk());
        mirror();

        assertThat(copy().id()).isEqualTo(copy);
    }

    @Test
    void anAnswerThatIsLostMakesNoSecondCopy() throws Exception {
        store.breaksOff("append", Integer.MAX_VALUE);
        create(content("Once"));
        mirror();
        mirror();
        assertThat(subjects()).containsExactly("Once");
        assertThat(behind()).isZero();
    }

    @Test
    void whoDiesWithACopyOnItsWayIsFollowedByOthers() throws Exception {
        var id = create(content("Before"));
        store.outlives("append");
        hurry();
        assertThatThrownBy(() -> behind.take(10).forEach(loop::work)).hasMessage("killed");
        change(id, 1, content("After"));
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        mirror();

        assertThat(subjects()).containsExactly("After");
        assertThat(behind()).isZero();
    }

    @Test
    void aCopyThatMayBeOnItsWayIsWaitedFor() throws Exception {
        create(content("Slow"));
        store.failsAt("append Drafts", 1, new UpstreamException.TimedOut("slow", null));
        mirror();
        mirror();
        assertThat(subjects()).as("it may still come").isEmpty();
        assertThat(behind()).isEqualTo(1);

        jdbc.sql("update draft_copy set made_at = now() - interval '11 minutes'")
                .update();
        mirror();
        assertThat(subjects()).containsExactly("Slow");
        assertThat(behind()).isZero();
    }

    @Test
    void whoWasAwayForLongLeavesNothingBehind() throws Exception {
        var id = create(content("Late"));
        hurry();
        store.holdsBack("append Drafts");
        var away = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> store.calls().contains("append Drafts"));
        jdbc.sql("update draft_copy set made_at = now() - interval '11 minutes'")
                .update();
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        remove(id, 1);
        mirror();
        assertThat(behind()).as("the others have given it up").isZero();

        store.letsGo();
        away.join();
        assertThat(subjects()).isEmpty();
    }

    @Test
    void aWorkerThatIsOvertakenLeavesTheNewerCopy() throws Exception {
        var id = create(content("One"));
        hurry();
        store.holdsBack("append Drafts");
        var slow = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> store.calls().contains("append Drafts"));
        jdbc.sql("update draft_behind set claimed_until = now()").update();
        change(id, 1, content("Two"));
        hurry();
        var next = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> copies(id) == 2);
        store.letsGo();
        slow.join();
        next.join();
        mirror();

        assertThat(subjects()).containsExactly("Two");
        assertThat(behind()).isZero();
    }

    @Test
    void aCopyThatCannotBeLookedForIsNotMadeAgain() throws Exception {
        store.hidesNewIds();
        store.failsAt("findByMessageId Drafts", 1, new UpstreamException.NotSupported("no", null));
        create(content("Once"));
        mirror();
        mirror();

        assertThat(subjects()).containsExactly("Once");
        assertThat(behind()).isZero();
    }

    @Test
    void whatIsInThePlaceOfACopyIsNotDeletedForIt() throws Exception {
        var id = create(content("One"));
        mirror();
        // As when the account is at another server now, which has another message under that number.
        jdbc.sql("update draft_copy set message_id = 'another@example.org' where draft_id = ?")
                .param(Long.parseLong(id))
                .update();
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("One", "Two");
    }

    @Test
    void aCopyOfAnOlderRevisionIsNotToldToBeTheDrafts() throws Exception {
        var id = create(content("One"));
        mirror();
        shown();
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").isNotEmpty());
        change(id, 1, content("Two"));
        visitor.get("/drafts").andExpect(jsonPath("$.items[0].copy").isEmpty());
    }

    @Test
    void aRefusalIsTriedAgainAndAgain() throws Exception {
        var id = create(content("Full"));
        store.failsAt("append Drafts", 1, new UpstreamException.OverQuota("full"));
        mirror();
        assertThat(jdbc.sql("select tries from draft_behind where draft_id = ?")
                        .param(Long.parseLong(id))
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        mirror();
        assertThat(subjects()).containsExactly("Full");
    }

    @Test
    void whereTheServerTellsNoIdsOneCopyStaysToo() throws Exception {
        store.hidesNewIds();
        var id = create(content("One"));
        mirror();
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void aRenumberedMailboxKeepsNoOldCopy() throws Exception {
        var id = create(content("One"));
        mirror();
        store.renumbers(DRAFTS);
        change(id, 1, content("Two"));
        mirror();

        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void whatAnotherProgramMadeOfACopyIsLeftAlone() throws Exception {
        var id = create(content("Ours"));
        mirror();
        var raw = raw();
        var ours = copy().id();
        // Another program opens it, changes it and saves it under the same Message-ID, as some do.
        store.receives(
                DRAFTS,
                raw.replace("Subject: Ours", "Subject: Theirs").getBytes(StandardCharsets.US_ASCII),
                Mails.NOON,
                Set.of(Keyword.DRAFT));
        store.expunges(DRAFTS, ours);
        store.renumbers(DRAFTS);
        change(id, 1, content("Ours again"));
        mirror();
        remove(id, 2);
        mirror();

        assertThat(subjects()).containsExactly("Theirs");
    }

    @Test
    void aCopyThatSomebodyDeletedComesBackWithTheNextChangeOnly() throws Exception {
        var id = create(content("Here"));
        mirror();
        store.expunges(DRAFTS, copy().id());
        jdbc.sql(
                        "insert into draft_behind (user_id, draft_id, due_at) select user_id, id, now() from draft where id = ?")
                .param(Long.parseLong(id))
                .update();
        mirror();
        assertThat(subjects()).isEmpty();

        change(id, 1, content("Here again"));
        mirror();
        assertThat(subjects()).containsExactly("Here again");
    }

    @Test
    void aChangeDuringTheCopyingIsNotForgotten() throws Exception {
        var id = create(content("One"));
        hurry();
        store.holdsBack("append Drafts");
        var working = Thread.ofVirtual().start(() -> behind.take(10).forEach(loop::work));
        await().until(() -> store.calls().contains("append Drafts"));
        change(id, 1, content("Two"));
        store.letsGo();
        working.join();
        assertThat(subjects()).containsExactly("One");
        assertThat(behind()).isEqualTo(1);

        mirror();
        assertThat(subjects()).containsExactly("Two");
    }

    @Test
    void whatIsThereTwiceAfterALostAnswerIsThereOnceThen() throws Exception {
        store.breaksOff("append", Integer.MAX_VALUE);
        create(content("Twice"));
        mirror();
        store.receives(DRAFTS, raw().getBytes(StandardCharsets.UTF_8), Mails.NOON, Set.of(Keyword.DRAFT));
        mirror();

        assertThat(subjects()).containsExactly("Twice");
    }

    @Test
    void whoKnowsAnOldRevisionBeginsNoCopyOfIt() throws Exception {
        var id = create(content("One"));
        change(id, 1, content("Two"));
        hurry();
        var draft = behind.take(10).getFirst().draft();
        var copy = new CopyWriter.Copy("m@example.org", new byte[] {1});
        long account = Long.parseLong(visitor.accountId());

        assertThat(copies.begin(draft, account, 1, copy, DRAFTS)).isEmpty();
        assertThat(copies.begin(draft, account, 2, copy, DRAFTS)).isPresent();
    }

    @Test
    void aUserHasTwoAtWorkAndOthersTheirTurn() throws Exception {
        for (int i = 0; i < 4; i++) {
            create(content("Draft " + i));
        }
        someone();
        create(content("Another's"));
        hurry();

        var taken = behind.take(10);
        assertThat(taken).hasSize(3);
        assertThat(behind.take(10)).as("while those are at work").isEmpty();
        taken.forEach(loop::work);
        assertThat(behind.take(10)).hasSize(2);
    }

    @Test
    void whoIsAtWorkKeepsTheDraftAsLongAsThatTakes() throws Exception {
        create(content("Slow"));
        hurry();
        var job = behind.take(10).getFirst();
        jdbc.sql("update draft_behind set claimed_until = now() + interval '1 second'")
                .update();
        jdbc.sql(
                        "insert into draft_copy (account_id, user_id, draft_id, revision, message_id, hash, size, remote_name, made_at)"
                                + " select account_id, user_id, id, 1, 'm', '', 0, 'Drafts', now() - interval '11 minutes' from draft where id = ?")
                .param(job.draft().id())
                .update();

        behind.renew(Set.of(job.claim()));
        assertThat(jdbc.sql("select claimed_until > now() + interval '1 minute' from draft_behind where claim = ?")
                        .param(job.claim())
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(copies.of(job.draft()).getFirst().late())
                .as("what it sends may take as long")
                .isFalse();
    }

    @Test
    void whatIsLargeIsCopiedSeldom() throws Exception {
        var id = create(content("One"));
        mirror();
        jdbc.sql("update draft_copy set size = 20000000 where draft_id = ?")
                .param(Long.parseLong(id))
                .update();
        change(id, 1, content("Two"));
        assertThat(due(id)).isBetween(190, 200);
        jdbc.sql("update draft_behind set since = now() - interval '1 hour'").update();
        change(id, 2, content("Three"));
        assertThat(due(id)).as("also where nobody pauses").isBetween(190, 200);

        remove(id, 3);
        assertThat(due(id)).as("what is gone does not stay for that").isLessThanOrEqualTo(0);
    }

    @Test
    void writersWithoutAPauseAreCopiedNowAndThen() throws Exception {
        var id = create(content("One"));
        assertThat(due(id)).isEqualTo(20);
        jdbc.sql("update draft_behind set since = now() - interval '110 seconds'")
                .update();
        change(id, 1, content("Two"));
        assertThat(due(id)).as("two minutes after the first change").isEqualTo(10);

        jdbc.sql("update draft_behind set tries = 3, due_at = now() + interval '30 seconds'")
                .update();
        change(id, 2, content("Three"));
        assertThat(due(id)).as("a server that does not answer is let alone").isEqualTo(30);
    }
}
