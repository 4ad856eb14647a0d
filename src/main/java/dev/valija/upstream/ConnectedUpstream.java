package dev.valija.upstream;

import dev.valija.upstream.discovery.Discovery;
import dev.valija.upstream.imap.ImapPool;
import dev.valija.upstream.pop3.Maildrops;
import dev.valija.upstream.smtp.SmtpPool;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The real providers: IMAP stores, SMTP transports, POP3 maildrops. */
@Component
final class ConnectedUpstream implements Upstream {
    private final ImapPool stores;
    private final SmtpPool transports;
    private final Maildrops maildrops;
    private final Discovery discovery;

    ConnectedUpstream(ImapPool stores, SmtpPool transports, Maildrops maildrops, Discovery discovery) {
        this.stores = stores;
        this.transports = transports;
        this.maildrops = maildrops;
        this.discovery = discovery;
    }

    @Override
    public <T, X extends Exception> T withStore(ServerLogin login, StoreWork<T, X> work) throws X {
        return stores.withStore(login, work);
    }

    @Override
    public <T, X extends Exception> T withStoreApart(ServerLogin login, Interruption interruption, StoreWork<T, X> work)
            throws X {
        return stores.withStoreApart(login, interruption, work);
    }

    @Override
    public <T, X extends Exception> T withTransport(ServerLogin login, TransportWork<T, X> work) throws X {
        return transports.withTransport(login, work);
    }

    @Override
    public <T, X extends Exception> T withMaildrop(MaildropLogin login, MaildropWork<T, X> work) throws X {
        return maildrops.with(login, work);
    }

    @Override
    public void verify(ServerLogin login) {
        stores.verify(login);
    }

    @Override
    public Watch watch(ServerLogin login, String mailbox, Watcher watcher) {
        return stores.watch(login, mailbox, watcher);
    }

    @Override
    public Optional<Servers> discover(String address) {
        return discovery.find(address);
    }

    @Override
    public void forget(long accountId) {
        stores.forget(accountId);
        transports.forget(accountId);
    }
}
