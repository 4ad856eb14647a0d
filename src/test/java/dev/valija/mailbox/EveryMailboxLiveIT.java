package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.Keyword;
import dev.valija.support.DovecotServer;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.MailStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mailbox is live, not only INBOX: by NOTIFY where a server has it, by looking now and then where not. */
class EveryMailboxLiveIT {
    private static final String NOTIFY = "";
    private static final String NO_NOTIFY =
            "imap_capability = IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE CONDSTORE QRESYNC"
                    + " UIDPLUS LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH SORT MOVE NAMESPACE UNSELECT CHILDREN";
    private static final String NO_EXTENSIONS = "imap_capability = IMAP4rev1 LITERAL+ IDLE UIDPLUS";

    private static final UserId ANNA = new UserId(1);
    private static final long ACCOUNT = 1;
    private static final long ELSEWHERE = 2;
    private static final String USER = "live@example.org";

    @ParameterizedTest
    @ValueSource(strings = {NOTIFY, NO_NOTIFY, NO_EXTENSIONS})
    void whatHappensInAnyMailboxIsSeen(String configuration) {
        try (var server = DovecotServer.start(configuration);
                var upstream = new TestUpstream("watch-poll", "300ms")) {
            var accounts = new FakeAccounts((id, address) -> server.login(id, address, server.imaps()));
            accounts.add(ANNA, ACCOUNT, USER);
            try (var node = new TestNode(FreshDatabase.migrated(), upstream.upstream(), accounts)) {
                new Live(
                                node,
                                work -> upstream.upstream()
                                        .<Boolean, RuntimeException>withStore(
                                                server.login(ELSEWHERE, USER, server.imaps()), store -> {
                                                    work.accept(store);
                                                    return true;
                                                }))
                        .run();
            }
        }
    }

    /** One account watched by us and changed by another client. */
    private record Live(TestNode node, Consumer<Consumer<MailStore>> elsewhere) {
        void run() {
            elsewhere.accept(store -> store.createMailbox("Lists"));
            appends(Mails.plain("old"));
            node.watching.start();
            node.watching.keep(ANNA);
            Mirror.await(() -> node.index
                    .byName(ACCOUNT, "Lists")
                    .filter(Mailbox::complete)
                    .isPresent());

            appends(Mails.plain("new"));
            Mirror.await(() -> total("Lists") == 2);
            elsewhere.accept(store -> {
                var first = store.newest("Lists", 2).messages().getLast().id();
                store.changeKeywords("Lists", List.of(first), Set.of(Keyword.SEEN), Set.of());
            });
            Mirror.await(() -> node.mailbox(ACCOUNT, "Lists").unread() == 1);
            elsewhere.accept(store -> {
                var newest = store.newest("Lists", 1).messages().getFirst().id();
                store.delete("Lists", List.of(newest));
            });
            Mirror.await(() -> total("Lists") == 1);
            assertThat(Mirror.rows(node.jdbc, ACCOUNT, "Lists"))
                    .extracting(Mirror.Seen::subject, Mirror.Seen::keywords)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("old", "$seen"));

            var id = node.mailbox(ACCOUNT, "Lists").id();
            elsewhere.accept(store -> store.renameMailbox("Lists", "Groups"));
            Mirror.await(() -> node.index.byName(ACCOUNT, "Groups").isPresent());
            assertThat(node.mailbox(ACCOUNT, "Groups").id()).isEqualTo(id);
            elsewhere.accept(store -> store.deleteMailbox("Groups"));
            Mirror.await(() -> node.index.byName(ACCOUNT, "Groups").isEmpty());
        }

        private int total(String mailbox) {
            return node.mailbox(ACCOUNT, mailbox).total();
        }

        private void appends(Mail mail) {
            elsewhere.accept(store -> {
                try {
                    store.append("Lists", mail.stream(), mail.size(), Set.of(), Mails.NOON);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
