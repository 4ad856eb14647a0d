package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.MutantMail;
import dev.valija.support.DovecotServer;
import dev.valija.support.FreshDatabase;
import dev.valija.support.RawImap;
import dev.valija.support.TestUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail spoilt at random on a real server: lists show all of it, and each can be opened ({@code -Dmutants}: how many). */
class MutantMailIT {
    private static final UserId ANNA = new UserId(1);
    private static final long ACCOUNT = 1;
    private static final String USER = "mutants@example.org";

    @TempDir
    Path directory;

    @Test
    void everyMutantIsListedAndOpened() {
        try (var server = DovecotServer.start();
                var upstream = new TestUpstream()) {
            var accounts = new FakeAccounts((id, address) -> server.login(id, address, server.imaps()));
            accounts.add(ANNA, ACCOUNT, USER);
            int held = append(server, Integer.getInteger("mutants", 300));
            try (var node = new TestNode(FreshDatabase.migrated(), upstream.upstream(), accounts)) {
                var inbox = node.fills(ACCOUNT, "INBOX");
                assertThat(inbox.total()).isEqualTo(held);
                var messages = new StoredMessages(node.jdbc, node.accesses, node.provider, node.sync);
                var opened = new OpenedMessages(
                        messages, new BodyCache(new BodyCacheProperties(directory, 0), accounts, node.jdbc));
                var ids = ids(node);
                assertThat(ids).hasSize(held);
                var failures = new ArrayList<String>();
                for (long id : ids) {
                    try {
                        opened.open(messages.find(new MessageKey(ACCOUNT, id)).orElseThrow());
                    } catch (RuntimeException e) {
                        failures.add(id + ": " + e);
                    }
                }
                assertThat(failures).isEmpty();
            }
        }
    }

    /** @return how many the server took; it refuses some */
    private static int append(DovecotServer server, int count) {
        var mutants = MutantMail.ofCorpus();
        int held = 0;
        try (var imap = new RawImap(server.imaps(), USER, DovecotServer.PASSWORD)) {
            for (int i = 0; i < count; i++) {
                held += imap.append("INBOX", "", "14-Mar-2026 12:00:00 +0000", mutants.number(i))
                                .ok()
                        ? 1
                        : 0;
            }
        }
        assertThat(held).isGreaterThan(count / 2);
        return held;
    }

    private static List<Long> ids(TestNode node) {
        return node.jdbc
                .sql("select id from stored_message where account_id = ?")
                .param(ACCOUNT)
                .query(Long.class)
                .list();
    }
}
