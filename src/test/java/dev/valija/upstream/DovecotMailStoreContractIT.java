package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.message.Keyword;
import dev.valija.support.DovecotServer;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestUpstream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against a real Dovecot: QRESYNC, NOTIFY, PREVIEW, SORT and all. */
class DovecotMailStoreContractIT extends MailStoreContract {
    private static DovecotServer server;
    private static TestUpstream upstream;

    @BeforeAll
    static void start() {
        server = DovecotServer.start();
        upstream = new TestUpstream();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            upstream.close();
            server.close();
        }
    }

    @Override
    public Upstream upstream() {
        return upstream.upstream();
    }

    @Override
    protected ServerLogin login(long accountId, String user) {
        return server.login(accountId, user, server.imaps());
    }

    @Override
    public void markDeletedElsewhere(String mailbox, Mail mail) {
        ForeignClient.markDeleted(mine(), mailbox, mail);
    }

    @Override
    public boolean isThereElsewhere(String mailbox, Mail mail) {
        return ForeignClient.finds(mine(), mailbox, mail);
    }

    @Test
    void newMailComesWithItsRowAndFitsTheStateBefore() {
        put(INBOX, Mails.plain("old"));
        var before = store(store -> store.changes(INBOX, null)).state();
        var arrived = new ConcurrentLinkedQueue<Upstream.Arrivals>();
        var told = new Told() {
            @Override
            public void arrived(String mailbox, Upstream.Arrivals arrivals) {
                arrived.add(arrivals);
            }
        };
        var mail = Mails.plain("new");
        try (var watch = upstream().watch(mine(), INBOX, told)) {
            told.expect("connected");
            elsewhere(store -> store.append(INBOX, mail.stream(), mail.size(), Set.of(Keyword.FLAGGED), null));
            await().until(() -> !arrived.isEmpty());
        }
        var row = arrived.element().messages().getFirst();
        assertThat(row.envelope().messageId()).isEqualTo(mail.messageId());
        assertThat(row.keywords()).containsExactly(Keyword.FLAGGED);
        var delta = arrived.element().since(before).orElseThrow();
        assertThat(delta.added()).isEqualTo(List.of(row.id()));
        assertThat(ids(INBOX)).endsWith(row.id());
        Changes since = store(store -> store.changes(INBOX, delta.state()));
        assertThat(since).isInstanceOfSatisfying(Changes.Delta.class, nothingNew -> {
            assertThat(nothingNew.added()).isEmpty();
            assertThat(nothingNew.vanished()).isEmpty();
            assertThat(nothingNew.total()).isEqualTo(2);
        });
    }
}
