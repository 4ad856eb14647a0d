package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An index that was damaged behind our back heals, and nobody sees more of it than what was wrong. */
class AuditTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    private Mailbox inbox;

    @BeforeEach
    void start() {
        for (int i = 0; i < 40; i++) {
            store.holds(Mails.plain("mail " + i), i % 3 == 0 ? Keyword.SEEN : Keyword.FLAGGED);
        }
        inbox = node.fills(account, INBOX);
        Mirror.awaitEqual(node.jdbc, account, store);
        node.events.clear();
    }

    private long row(int number) {
        return node.jdbc
                .sql(
                        "select message_id from message_place where account_id = ? and mailbox_id = ? order by remote_id offset ? limit 1")
                .param(account)
                .param(inbox.id())
                .param(number)
                .query(Long.class)
                .single();
    }

    private void damage(String sql, Object... parameters) {
        var statement = node.jdbc.sql(sql);
        for (var parameter : parameters) {
            statement = statement.param(parameter);
        }
        assertThat(statement.update()).isPositive();
    }

    private void removes(long id) {
        damage("delete from message_place where account_id = ? and message_id = ?", account, id);
        damage("delete from message where account_id = ? and id = ?", account, id);
    }

    private List<String> rows() {
        return node.jdbc
                .sql(
                        "select m.id || ' ' || p.xmin || ' ' || m.xmin from message_place p join message m using (account_id) where account_id = ? and m.id = p.message_id order by m.id")
                .param(account)
                .query(String.class)
                .list();
    }

    private MailboxChanged theOneChange() {
        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(node.changes()).hasSize(1);
        return node.changes().getFirst();
    }

    @Test
    void aMailboxThatIsRightIsLeftAlone() {
        var before = rows();
        node.audit.glance(inbox.key());
        node.audit.compare(inbox.key());
        assertThat(rows()).isEqualTo(before);
        assertThat(node.events).isEmpty();
    }

    @Test
    void aGlanceDoesNotListTheMailbox() {
        int before = store.calls().size();
        node.audit.glance(inbox.key());
        assertThat(store.calls().subList(before, store.calls().size()))
                .containsExactly("changes INBOX", "fingerprint INBOX");
    }

    @Test
    void aRowThatIsMissingComesBack() {
        removes(row(7));
        var before = rows();

        node.audit.glance(inbox.key());

        var change = theOneChange();
        assertThat(change.created()).containsExactly(row(7));
        assertThat(change.updated()).isEmpty();
        assertThat(change.destroyed()).isEmpty();
        assertThat(rows()).as("the others are not touched").containsAll(before);
    }

    @Test
    void aRowTooManyGoes() {
        var ghost = Rows.bare(new RemoteId(999), Set.of(Keyword.SEEN));
        long extra = node.messages
                .insert(inbox.key(), new RowBatch(inbox.accountId(), List.of(ghost)))
                .getFirst()
                .id();

        node.audit.glance(inbox.key());

        assertThat(theOneChange().destroyed()).containsExactly(extra);
    }

    @Test
    void aRowOfAnotherMessageIsNoticedThoughTheCountIsRight() {
        damage("update message_place set remote_id = 777 where account_id = ? and message_id = ?", account, row(39));

        node.audit.glance(inbox.key());

        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(node.changes().stream().mapToInt(c -> c.created().size()).sum())
                .isLessThanOrEqualTo(1);
    }

    @Test
    void aRowThatIsHalfGoneIsMadeAnew() {
        damage("delete from message where account_id = ? and id = ?", account, row(7));
        damage("delete from message_place where account_id = ? and message_id = ?", account, row(8));

        node.audit.glance(inbox.key());

        assertThat(theOneChange().created()).hasSize(2);
    }

    @Test
    void wrongKeywordsArePutRight() {
        long marked = row(5);
        damage(
                "update message_place set keywords = '{$seen,other}' where account_id = ? and message_id = ?",
                account,
                marked);
        var before = new ArrayList<>(rows());
        before.removeIf(row -> row.startsWith(marked + " "));

        node.audit.compare(inbox.key());

        var change = theOneChange();
        assertThat(change.updated()).containsExactly(marked);
        assertThat(change.created()).isEmpty();
        assertThat(change.destroyed()).isEmpty();
        assertThat(rows()).containsAll(before);
        assertThat(node.mailbox(account, INBOX).unread()).isEqualTo(inbox.unread());
    }

    @Test
    void wrongCountsArePutRight() {
        damage("update mailbox set total = 12, unread = 99 where account_id = ? and id = ?", account, inbox.id());
        var before = rows();

        node.audit.glance(inbox.key());
        assertThat(node.mailbox(account, INBOX).complete()).isTrue();

        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(rows()).isEqualTo(before);
        assertThat(node.changes()).hasSize(1).allSatisfy(change -> {
            assertThat(change.mailboxes()).containsExactly(inbox.id());
            assertThat(change.mailbox()).isNull();
        });
    }

    @Test
    void everythingAtOnceIsPutRight() {
        removes(row(3));
        removes(row(3));
        damage("update message_place set keywords = '{}' where account_id = ? and message_id = ?", account, row(9));
        damage("update mailbox set unread = 0 where account_id = ? and id = ?", account, inbox.id());
        node.audit.compare(inbox.key());
        Mirror.assertEqual(node.jdbc, account, store);
    }

    @Test
    void whatChangesMeanwhileIsNoFault() {
        store.holds(Mails.plain("new"));
        store.marks(INBOX, store.messages(INBOX).getFirst().id(), new Keyword("work"));
        node.audit.compare(inbox.key());
        Mirror.assertEqual(node.jdbc, account, store);
        assertThat(node.sync.repair(inbox.key()).isEmpty()).isTrue();
    }

    @Test
    void whatLedToThreadsThatAreNoMoreIsForgotten() {
        var gone = store.holds(Mails.plain("goes").header("References", "<asked@example.org>"));
        store.holds(Mails.plain("stays").header("References", "<other@example.org>"));
        node.refresh(inbox.key());
        store.expunges(INBOX, gone);

        node.audit.compare(inbox.key());

        assertThat(node.jdbc
                        .sql("select message_id from thread_reference where account_id = ?")
                        .param(account)
                        .query(String.class)
                        .list())
                .contains("other@example.org")
                .doesNotContain("asked@example.org");
    }

    @Test
    void aMailboxIsComparedOnceADayByOneNode() {
        try (var other = anna.anotherNode()) {
            assertThat(node.audits.nextComparison(Set.of())).isEmpty();
            damage("update mailbox set compare_at = now() where account_id = ? and id = ?", account, inbox.id());
            damage(
                    "update mailbox set compare_at = now() + interval '1 hour' where account_id = ? and id <> ?",
                    account,
                    inbox.id());
            assertThat(node.audits.nextComparison(Set.of(account))).contains(inbox.key());
            assertThat(other.audits.nextComparison(Set.of(account))).isEmpty();
            node.audits.compared(inbox.key());
            assertThat(node.jdbc
                            .sql("""
                            select compare_at > now() + interval '20 hours' from mailbox where account_id = ? and id = ?
                            """)
                            .param(account)
                            .param(inbox.id())
                            .query(Boolean.class)
                            .single())
                    .isTrue();
        }
    }

    @Test
    void accountsTakeTurns() {
        long second = TestAccount.newId();
        anna.accounts.add(ANNA, second, TestAccount.ADDRESS);
        node.fills(second, INBOX);
        damage("update mailbox set compare_at = now() where account_id in (?, ?)", account, second);
        var turns = new ArrayList<Long>();
        for (int i = 0; i < 4; i++) {
            turns.add(node.audits
                    .nextComparison(Set.of(account, second))
                    .orElseThrow()
                    .accountId());
        }
        assertThat(turns).containsExactly(account, second, account, second);
    }

    @Test
    void aMailboxThatWasReadIsGlancedAtAndThenNotForAWhile() {
        while (node.audits.nextGlance().isPresent()) {
            // what filling has read
        }
        try (var other = anna.anotherNode()) {
            other.sync.refresh(inbox.key());
            other.sync.refresh(inbox.key());
            assertThat(other.audits.nextGlance()).contains(inbox.key());
            other.sync.refresh(inbox.key());
            assertThat(other.audits.nextGlance()).isEmpty();
        }
    }
}
