package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connects messages beside their references: subjects, and the user; and what parts them. */
class ThreadLinksTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    @BeforeEach
    void start() {
        node.fills(account, "INBOX");
    }

    @AfterEach
    void stop() {
        ThreadCounts.assertAgree(node.jdbc);
    }

    private static Mail mail(String id, String subject, String from, String to, int hours) {
        return Mails.plain(subject)
                .messageId(id)
                .from(null, from + "@example.org")
                .to(null, to + "@example.org")
                .sentAt(Mails.NOON.plus(Duration.ofHours(hours)));
    }

    private void arrives(String mailbox, Mail... mails) {
        for (var mail : mails) {
            store.holds(mailbox, mail);
        }
        node.refresh(node.mailbox(account, mailbox).key());
    }

    /** The messages of each thread, by Message-ID. */
    private Set<Set<String>> threads() {
        var threads = new TreeMap<Long, Set<String>>();
        byMessageId()
                .forEach((id, thread) ->
                        threads.computeIfAbsent(thread, t -> new TreeSet<>()).add(id));
        return new HashSet<>(threads.values());
    }

    private Map<String, Long> byMessageId() {
        var threads = new TreeMap<String, Long>();
        node.jdbc
                .sql("select message_id, thread_id from stored_message where account_id = ? and message_id is not null")
                .param(account)
                .query((rs, n) -> threads.put(rs.getString(1), rs.getLong(2)))
                .list();
        return threads;
    }

    private String id(String messageId) {
        return account + "-"
                + node.jdbc
                        .sql("select min(id) from message where account_id = ? and message_id = ?")
                        .param(account)
                        .param(messageId)
                        .query(Long.class)
                        .single();
    }

    private ThreadKey thread(String messageId) {
        return new ThreadKey(account, byMessageId().get(messageId));
    }

    private ThreadView view(String messageId) {
        return node.userThreads.view(
                node.accesses.require(anna.accounts.owner(account), account),
                thread(messageId),
                new MessageQueries(node.jdbc)
                        .thread(thread(messageId), 100).stream()
                                .map(MessageRow::summary)
                                .toList());
    }

    private void split(String... messageIds) {
        node.userThreads.split(
                ANNA,
                thread(messageIds[0]),
                List.of(messageIds).stream().map(this::id).toList());
    }

    private void join(String one, String other) {
        node.userThreads.join(ANNA, thread(one), thread(other));
    }

    /** All of the index that a provider can give again is dropped and comes back. */
    private void rebuilds() {
        for (var table : List.of("message", "message_place", "message_preview", "thread_reference")) {
            node.jdbc
                    .sql("delete from " + table + " where account_id = ?")
                    .param(account)
                    .update();
        }
        node.jdbc
                .sql("update mailbox set sync = 'unknown', sync_state = null, remote_state = null where account_id = ?")
                .param(account)
                .update();
        node.fills(account, "INBOX");
    }

    @Test
    void anAnswerWithoutReferencesJoinsWhatItAnswers() {
        arrives("Sent", mail("q", "Trip to Lisbon", "anna", "luis", 0));
        arrives("INBOX", mail("a", "AW: Trip to Lisbon", "luis", "anna", 1));
        assertThat(threads()).containsExactly(Set.of("a", "q"));
        assertThat(view("a").links()).containsExactly(new ThreadView.Link(id("a"), "subject", id("q")));
    }

    @Test
    void strangersWithOneSubjectStayApart() {
        arrives("INBOX", mail("q", "Trip to Lisbon", "cleo", "anna", 0));
        arrives("INBOX", mail("a", "Re: Trip to Lisbon", "otto", "anna", 1));
        arrives("INBOX", mail("b", "Trip to Lisbon", "luis", "anna", 2));
        assertThat(threads()).hasSize(3);
    }

    @Test
    void oneWhoWritesTheSameToTwoHasTwoConversations() {
        arrives("Sent", mail("q1", "Offer kitchen renovation", "anna", "luis", 0));
        arrives("Sent", mail("q2", "Offer kitchen renovation", "anna", "cleo", 1));
        arrives("INBOX", mail("a2", "Re: Offer kitchen renovation", "cleo", "anna", 2));
        arrives("INBOX", mail("a1", "Re: Offer kitchen renovation", "luis", "anna", 3));
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q1", "a1"), Set.of("q2", "a2"));
    }

    @Test
    void theNearestIsAnsweredInWhateverOrderTheyCome() {
        var mails = List.of(
                mail("q1", "Trip to Lisbon", "anna", "luis", 0),
                mail("q2", "Trip to Lisbon", "anna", "luis", 24),
                mail("a", "Re: Trip to Lisbon", "luis", "anna", 25),
                mail("q3", "Trip to Lisbon", "anna", "luis", 48));
        for (int[] order : new int[][] {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 1, 3}, {0, 2, 3, 1}, {2, 3, 1, 0}}) {
            for (int i : order) {
                arrives("INBOX", mails.get(i));
            }
            assertThat(threads()).containsExactlyInAnyOrder(Set.of("q1"), Set.of("q2", "a"), Set.of("q3"));
            store.messages("INBOX").forEach(m -> store.expunges("INBOX", m.id()));
            node.refresh(node.mailbox(account, "INBOX").key());
            node.jdbc
                    .sql("delete from thread_link where account_id = ?")
                    .param(account)
                    .update();
        }
    }

    @Test
    void anIdThatAllMessagesReferToJoinsThoseOfOneSubjectOnly() {
        var mails = new ArrayList<Mail>();
        for (int i = 0; i < 300; i++) {
            mails.add(mail("m" + i, "Alarm pump " + i / 2 % 100, "pump", "anna", i)
                    .header("References", "<constant@example.org>"));
        }
        Collections.shuffle(mails, new Random(3));
        for (int from = 0; from < 300; from += 25) {
            arrives("INBOX", mails.subList(from, from + 25).toArray(Mail[]::new));
        }
        assertThat(threads()).hasSize(100).allMatch(thread -> thread.size() >= 2 && thread.size() <= 4);
    }

    @Test
    void aMessageIdThatManyMessagesHaveJoinsThoseOfOneSubjectOnly() {
        for (int i = 0; i < 140; i++) {
            store.holds(mail("same", "Scan number " + i / 2, "printer", "anna", i));
        }
        node.refresh(node.mailbox(account, "INBOX").key());
        store.holds(mail("same", "Scan number 7", "printer", "anna", 200));
        node.refresh(node.mailbox(account, "INBOX").key());
        assertThat(node.jdbc
                        .sql("select count(distinct thread_id) from message_place where account_id = ?")
                        .param(account)
                        .query(Long.class)
                        .single())
                .isEqualTo(70);
    }

    @Test
    void aLongSeriesOfPatchesStaysTogether() {
        arrives("INBOX", mail("cover", "[PATCH 00/40] Faster lists", "luis", "anna", 0));
        for (int i = 1; i <= 40; i++) {
            store.holds(mail("p" + i, "[PATCH %02d/40] step %d".formatted(i, i), "luis", "anna", 0)
                    .header("In-Reply-To", "<cover>"));
        }
        node.refresh(node.mailbox(account, "INBOX").key());
        assertThat(threads()).hasSize(1);
    }

    @Test
    void theReasonOfEachLinkIsTold() {
        var q = mail("q", "Trip to Lisbon", "anna", "luis", 0);
        arrives("Sent", q);
        arrives("INBOX", mail("a", "Re: Trip to Lisbon", "luis", "anna", 1).replyTo(q));
        arrives("INBOX", mail("b", "Re: Trip to Lisbon", "luis", "anna", 2).header("In-Reply-To", "<a>"));
        arrives("INBOX", mail("c", "Re: Trip to Lisbon", "luis", "anna", 3));
        arrives("INBOX", mail("d", "Hotel", "otto", "anna", 4));
        join("q", "d");
        assertThat(view("q").links())
                .containsExactly(
                        new ThreadView.Link(id("a"), "references", id("q")),
                        new ThreadView.Link(id("b"), "inReplyTo", id("a")),
                        new ThreadView.Link(id("c"), "subject", id("q")),
                        new ThreadView.Link(id("d"), "user", id("q")));
    }

    @Test
    void twoAnswersToWhatIsNotThereAreLinkedWithoutIt() {
        arrives("INBOX", mail("a", "Re: x", "luis", "anna", 1).header("In-Reply-To", "<gone>"));
        arrives("INBOX", mail("b", "Re: x", "cleo", "anna", 2).header("In-Reply-To", "<gone>"));
        assertThat(view("a").links()).containsExactly(new ThreadView.Link(id("b"), "inReplyTo", null));
    }

    private void conversation() {
        var q = mail("q", "Trip to Lisbon", "anna", "luis", 0);
        var a = mail("a", "Re: Trip to Lisbon", "luis", "anna", 1).replyTo(q);
        var b = mail("b", "Re: Trip to Lisbon", "anna", "luis", 2).replyTo(a);
        arrives("Sent", q, b);
        arrives("INBOX", a, mail("c", "Re: Trip to Lisbon", "luis", "anna", 3).replyTo(b));
        arrives("INBOX", mail("x", "Re: Trip to Lisbon", "luis", "anna", 4).replyTo(q));
    }

    @Test
    void aSplitTakesWhatFollowsAlong() {
        conversation();
        split("b");
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "x"), Set.of("b", "c"));
        // Also what comes later.
        arrives("INBOX", mail("d", "Re: Trip", "luis", "anna", 5).header("References", "<q> <a> <b> <c>"));
        arrives("INBOX", mail("e", "Re: Trip", "luis", "anna", 6).header("References", "<q> <a>"));
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "x", "e"), Set.of("b", "c", "d"));
    }

    @Test
    void aSplitHoldsThoughOneThatFollowsAlsoNamesTheRest() {
        conversation();
        arrives("INBOX", mail("y", "Re: Trip to Lisbon", "luis", "anna", 5).header("References", "<q> <c>"));
        split("b");
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "x"), Set.of("b", "c", "y"));
    }

    @Test
    void severalAreSplitOffTogether() {
        conversation();
        split("c", "x");
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "b"), Set.of("c", "x"));
    }

    @Test
    void joiningUndoesASplit() {
        conversation();
        split("b");
        join("q", "b");
        assertThat(threads()).hasSize(1);
        assertThat(node.jdbc
                        .sql("select count(*) from thread_link where account_id = ?")
                        .param(account)
                        .query(Long.class)
                        .single())
                .isZero();
        split("b");
        assertThat(threads()).hasSize(2);
    }

    @Test
    void splittingUndoesAJoin() {
        conversation();
        arrives("INBOX", mail("h", "Hotel", "otto", "anna", 1));
        arrives("INBOX", mail("i", "Re: Hotel", "anna", "otto", 2).header("In-Reply-To", "<h>"));
        join("q", "i");
        assertThat(threads()).hasSize(1);
        split("h");
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "b", "c", "x"), Set.of("h", "i"));
        join("h", "q");
        assertThat(threads()).hasSize(1);
    }

    @Test
    void aSplitComesBeforeTheSubject() {
        arrives("Sent", mail("q", "Trip to Lisbon", "anna", "luis", 0));
        arrives("INBOX", mail("a", "Re: Trip to Lisbon", "luis", "anna", 2));
        split("a");
        assertThat(threads()).hasSize(2);
        arrives("Sent", mail("r", "Trip to Lisbon", "anna", "luis", 1));
        assertThat(threads()).hasSize(3);
    }

    @Test
    void whatAUserSaidOutlivesTheIndex() {
        conversation();
        arrives("INBOX", mail("h", "Hotel", "otto", "anna", 1));
        split("b");
        join("q", "h");
        rebuilds();
        assertThat(threads()).containsExactlyInAnyOrder(Set.of("q", "a", "x", "h"), Set.of("b", "c"));
    }

    @Test
    void aJoinOutlivesTheMessageItWasMadeFrom() {
        conversation();
        arrives("INBOX", mail("h", "Hotel", "otto", "anna", 1));
        arrives("INBOX", mail("i", "Re: Hotel", "anna", "otto", 2).header("In-Reply-To", "<h>"));
        join("q", "h");
        store.messages("INBOX").stream()
                .filter(m -> "h".equals(m.envelope().messageId()))
                .forEach(m -> store.expunges("INBOX", m.id()));
        node.refresh(node.mailbox(account, "INBOX").key());
        rebuilds();
        assertThat(threads()).containsExactly(Set.of("q", "a", "b", "c", "x", "i"));
    }

    @Test
    void changedThreadsAreTold() {
        conversation();
        node.events.clear();
        split("b");
        assertThat(node.changes())
                .allMatch(change ->
                        change.created().isEmpty() && change.destroyed().isEmpty())
                .flatExtracting(MailboxChanged::updated)
                .extracting(id -> account + "-" + id)
                .containsExactlyInAnyOrder(id("b"), id("c"));
        node.events.clear();
        join("q", "b");
        assertThat(node.changes()).flatExtracting(MailboxChanged::updated).isNotEmpty();
    }

    @Test
    void whatCannotBeDoneIsToldAndDoesNothing() {
        conversation();
        arrives("INBOX", Mails.plain("nameless").header("Message-ID", null).header("In-Reply-To", "<q>"));
        var before = threads();
        var nameless = account + "-"
                + node.jdbc
                        .sql("select id from message where account_id = ? and message_id is null")
                        .param(account)
                        .query(Long.class)
                        .single();
        assertThatThrownBy(() -> split("q"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("whole");
        assertThatThrownBy(() -> node.userThreads.split(ANNA, thread("q"), List.of(nameless)))
                .hasMessageContaining("Message-ID");
        assertThatThrownBy(() -> node.userThreads.split(ANNA, thread("q"), List.of("1-1")))
                .hasMessageContaining("not a message of this thread");
        assertThatThrownBy(() -> node.userThreads.split(new UserId(2), thread("q"), List.of(id("b"))))
                .hasMessageContaining("no such");
        assertThatThrownBy(() -> node.userThreads.join(ANNA, thread("q"), new ThreadKey(account + 1, 1)))
                .hasMessageContaining("no such");
        join("q", "a");
        assertThat(threads()).isEqualTo(before);
    }

    /** Random conversations, delivered in random order over random mailboxes, moved, deleted and delivered again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void thePartitionIsThatOfASimpleModel(long seed) {
        var random = new Random(seed);
        var mails = new ArrayList<Mail>();
        var model = new ThreadGroups();
        var questions = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 160; i++) {
            var subject = "Conversation number " + random.nextInt(40) + "000 of theirs";
            boolean fromAnna = random.nextBoolean();
            var other = "p" + random.nextInt(3);
            var mail = mail("m" + i, subject, fromAnna ? "anna" : other, fromAnna ? other : "anna", i * 5);
            model.connect(List.of("m" + i));
            int parent = i == 0 ? 0 : random.nextInt(i);
            switch (random.nextInt(i == 0 ? 1 : 5)) {
                case 0 -> {}
                case 1 -> mail = mail.replyTo(mails.get(parent));
                case 2 -> mail = mail.header("In-Reply-To", "<m" + parent + ">");
                case 3 -> mail = mail.header("References", "<never" + random.nextInt(9) + ">");
                default -> {
                    mail = mail.header("Subject", "Re: " + subject);
                    for (int q = i - 1; q >= 0 && i * 5 - q * 5 <= 720; q--) {
                        var question = mails.get(q);
                        if (question.field("Subject").endsWith(subject)
                                && question.field("From").equals(mail.field("To"))
                                && question.field("To").equals(mail.field("From"))) {
                            questions.put(i, q);
                            break;
                        }
                    }
                }
            }
            for (var field : List.of("References", "In-Reply-To")) {
                var ids = mail.field(field);
                if (ids != null) {
                    for (var id : ids.replaceAll("[<>]", "").strip().split(" +")) {
                        model.connect("m" + i, id);
                    }
                }
            }
            mails.add(mail);
        }
        questions.forEach((answer, question) -> model.connect("m" + answer, "m" + question));
        assertThat(questions).isNotEmpty();

        var order = new ArrayList<Integer>();
        for (int i = 0; i < mails.size(); i++) {
            order.add(i);
        }
        switch ((int) seed) {
            case 1 -> {}
            case 2 -> Collections.reverse(order);
            default -> Collections.shuffle(order, random);
        }
        var places = List.of("INBOX", "Archive", "Sent");
        for (int from = 0; from < order.size(); ) {
            int to = Math.min(order.size(), from + 1 + random.nextInt(30));
            for (int i : order.subList(from, to)) {
                store.holds(places.get(random.nextInt(3)), mails.get(i));
            }
            disturb(random, mails, places);
            places.forEach(place -> node.refresh(node.mailbox(account, place).key()));
            from = to;
        }
        var expected = mails.stream()
                .map(Mail::messageId)
                .collect(Collectors.groupingBy(model::find, Collectors.toCollection(TreeSet::new)));
        assertThat(threads()).isEqualTo(new HashSet<>(expected.values()));
    }

    /** Another program moves some, marks some, and deletes one that is delivered again. */
    private void disturb(Random random, List<Mail> mails, List<String> places) {
        var place = places.get(random.nextInt(3));
        for (var message : store.messages(place)) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    store.expunges(place, message.id());
                    if (random.nextBoolean()) {
                        node.refresh(node.mailbox(account, place).key());
                    }
                    var mail = mails.get(
                            Integer.parseInt(message.envelope().messageId().substring(1)));
                    store.holds(places.get(random.nextInt(3)), mail);
                }
                case 1 -> store.marks(place, message.id(), random.nextBoolean() ? Keyword.SEEN : Keyword.FLAGGED);
                default -> {}
            }
        }
    }
}
