package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.UserId;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadIndexTests {
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

    private void arrives(String mailbox, Mail mail) {
        store.holds(mailbox, mail);
        node.refresh(node.mailbox(account, mailbox).key());
    }

    private Map<String, Long> threads() {
        var threads = new TreeMap<String, Long>();
        node.jdbc
                .sql("select subject, thread_id from stored_message where account_id = ?")
                .param(account)
                .query((rs, n) -> threads.put(rs.getString(1), rs.getLong(2)))
                .list();
        return threads;
    }

    @Test
    void anAnswerJoinsItsQuestionInAnotherMailbox() {
        var question = Mails.plain("question");
        arrives("Sent", question);
        arrives("INBOX", Mails.plain("answer").replyTo(question));
        assertThat(threads().get("answer")).isEqualTo(threads().get("question"));
    }

    @Test
    void aQuestionThatComesAfterItsAnswerJoinsIt() {
        var question = Mails.plain("question");
        arrives("INBOX", Mails.plain("answer").replyTo(question));
        arrives("INBOX", question);
        assertThat(threads().get("answer")).isEqualTo(threads().get("question"));
    }

    @Test
    void aMissingLinkMergesTwoThreads() {
        var root = Mails.plain("root");
        var left = Mails.plain("left").header("In-Reply-To", "<" + root.messageId() + ">");
        var right = Mails.plain("right").header("In-Reply-To", "<" + root.messageId() + ">");
        arrives("INBOX", Mails.plain("left leaf").header("In-Reply-To", "<" + left.messageId() + ">"));
        arrives("INBOX", Mails.plain("right leaf").header("In-Reply-To", "<" + right.messageId() + ">"));
        assertThat(threads().values()).doesNotHaveDuplicates();
        arrives("Archive", left);
        arrives("Archive", right);
        arrives("Sent", root);
        assertThat(threads().values()).hasSize(5).containsOnly(threads().get("root"));
    }

    @Test
    void messagesThatReferToNothingStayApart() {
        arrives("INBOX", Mails.plain("one"));
        arrives("INBOX", Mails.plain("two"));
        arrives("INBOX", Mails.plain("three").header("Message-ID", null));
        arrives("INBOX", Mails.plain("four").header("Message-ID", null));
        assertThat(threads().values()).hasSize(4).doesNotHaveDuplicates().doesNotContain(0L);
    }

    @Test
    void anAnswerFindsItsThreadAfterTheMessagesBeforeItAreGone() {
        var question = Mails.plain("question");
        var answer = Mails.plain("answer").replyTo(question);
        arrives("INBOX", question);
        arrives("INBOX", answer);
        long thread = threads().get("answer");
        store.messages("INBOX").forEach(m -> store.expunges("INBOX", m.id()));
        node.refresh(node.mailbox(account, "INBOX").key());
        arrives("INBOX", Mails.plain("late").header("In-Reply-To", "<" + answer.messageId() + ">"));
        assertThat(threads()).containsOnly(Map.entry("late", thread));
    }

    @Test
    void accountsDoNotShareThreads() {
        var question = Mails.plain("question");
        arrives("INBOX", question);
        long other = TestAccount.newId();
        anna.accounts.add(new UserId(2), other, "luis@example.org");
        anna.upstream
                .user("luis@example.org", "secret")
                .holds(Mails.plain("answer").replyTo(question));
        node.fills(other, "INBOX");
        var theirs = node.jdbc
                .sql("select thread_id from stored_message where account_id = ?")
                .param(other)
                .query(Long.class)
                .single();
        assertThat(theirs).isNotEqualTo(threads().get("question"));
    }

    /** In whatever order and batches they come: messages are in one thread exactly if references connect them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theOrderOfArrivalMakesNoDifference(long seed) {
        var random = new Random(seed);
        var mails = new ArrayList<Mail>();
        var conversation = new ArrayList<Integer>();
        for (int i = 0; i < 150; i++) {
            var mail = Mails.plain("m" + i);
            if (i > 0 && random.nextInt(4) != 0) {
                int parent = random.nextInt(i);
                mail = mail.header("In-Reply-To", "<" + mails.get(parent).messageId() + ">");
                conversation.add(conversation.get(parent));
            } else {
                conversation.add(i);
            }
            mails.add(mail);
        }
        var order = new ArrayList<Integer>();
        for (int i = 0; i < mails.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        for (int from = 0; from < order.size(); ) {
            int to = Math.min(order.size(), from + 1 + random.nextInt(20));
            order.subList(from, to)
                    .forEach(i -> store.holds(List.of("INBOX", "Archive").get(i % 2), mails.get(i)));
            node.refresh(node.mailbox(account, "INBOX").key());
            node.refresh(node.mailbox(account, "Archive").key());
            from = to;
        }
        var threads = threads();
        var byConversation = new TreeMap<Integer, Long>();
        for (int i = 0; i < mails.size(); i++) {
            byConversation.putIfAbsent(conversation.get(i), threads.get("m" + i));
            assertThat(threads.get("m" + i)).isEqualTo(byConversation.get(conversation.get(i)));
        }
        assertThat(byConversation.values()).doesNotHaveDuplicates();
    }
}
