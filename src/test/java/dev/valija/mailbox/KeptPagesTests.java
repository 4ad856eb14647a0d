package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptPagesTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final ListQuery TOP =
            ListQuery.of(new MailboxKey(1, 1), "-receivedAt", null, "messages", null, null, 50);

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private final TestNode node = anna.node;

    private final KeptPages pages = new KeptPages();

    @BeforeEach
    void start() {
        store.holds(Mails.plain("one"));
        store.holds(Mails.plain("two"));
        node.fills(account, "INBOX");
    }

    @Test
    void aPageIsKeptUntilItsMailboxChanges() {
        var before = inbox();
        var page = new MessagePage(List.of(), 2, null, null);
        byte[] json = {'{', '}'};
        pages.keep(before, TOP, page, json);
        assertThat(pages.find(inbox(), TOP)).containsSame(json);
        node.jdbc
                .sql("update mailbox set total = total + 1 where account_id = ?")
                .param(account)
                .update();
        assertThat(pages.find(inbox(), TOP)).isEmpty();
    }

    @Test
    void whateverWritesARowEndsThePagesOfItsMailbox() {
        var inbox = inbox().key();
        var archive = node.mailbox(account, "Archive").key();
        var ids = store.messages("INBOX").stream().map(m -> m.id()).toList();

        assertChanges(inbox, () -> node.local.keywords(inbox, ids, Set.of(Keyword.SEEN), Set.of()));
        assertChanges(inbox, () -> {
            store.holds(Mails.plain("three"));
            node.refresh(inbox);
        });
        assertChanges(
                inbox,
                () -> node.jdbc
                        .sql("insert into message_preview select account_id, message_id, 'words' from message_place"
                                + " where account_id = ? and mailbox_id = ?")
                        .param(account)
                        .param(inbox.id())
                        .update());
        assertChanges(
                inbox,
                () -> node.jdbc
                        .sql("update message_preview set preview = 'other words' where account_id = ?")
                        .param(account)
                        .update());
        assertChanges(
                inbox,
                () -> node.jdbc
                        .sql("update message_place set thread_id = thread_id + 1 where account_id = ?")
                        .param(account)
                        .update());
        long there = node.index.find(archive).orElseThrow().listVersion();
        assertChanges(
                inbox,
                () -> node.local.moved(
                        inbox, archive, List.of(ids.getFirst()), Map.of(ids.getFirst(), new RemoteId(77))));
        assertThat(node.index.find(archive).orElseThrow().listVersion()).isGreaterThan(there);
        assertChanges(inbox, () -> node.local.deleted(inbox, List.of(ids.getLast())));
    }

    private void assertChanges(MailboxKey mailbox, Runnable write) {
        long before = node.index.find(mailbox).orElseThrow().listVersion();
        write.run();
        assertThat(node.index.find(mailbox).orElseThrow().listVersion()).isGreaterThan(before);
    }

    private Mailbox inbox() {
        return node.mailbox(account, "INBOX");
    }
}
