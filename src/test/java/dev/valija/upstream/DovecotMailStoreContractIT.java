package dev.valija.upstream;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mail;
import dev.valija.support.TestUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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
}
