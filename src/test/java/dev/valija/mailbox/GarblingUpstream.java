package dev.valija.mailbox;

import dev.valija.support.FakeUpstream;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A provider that breaks off whenever the row of one message is asked for, and never shows that of another. */
final class GarblingUpstream implements Upstream {
    private final FakeUpstream whole;
    private final RemoteId garbled;
    private final RemoteId silent;
    private Runnable whenSilent = () -> {};

    GarblingUpstream(FakeUpstream whole, RemoteId garbled, RemoteId silent) {
        this.whole = whole;
        this.garbled = garbled;
        this.silent = silent;
    }

    /** Does that each time the row is passed over, before the provider is asked for the others. */
    GarblingUpstream whenSilent(Runnable action) {
        whenSilent = action;
        return this;
    }

    @Override
    public <T, X extends Exception> T withStore(ServerLogin login, StoreWork<T, X> work) throws X {
        return whole.withStore(login, store -> work.with(garbling(login, store)));
    }

    @Override
    public <T, X extends Exception> T withStoreApart(ServerLogin login, Interruption interruption, StoreWork<T, X> work)
            throws X {
        return whole.withStoreApart(login, interruption, store -> work.with(garbling(login, store)));
    }

    private MailStore garbling(ServerLogin login, MailStore store) {
        return (MailStore) Proxy.newProxyInstance(
                MailStore.class.getClassLoader(), new Class<?>[] {MailStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("fetch")) {
                        arguments[1] = shown((Collection<?>) arguments[1]);
                    }
                    if (method.getName().equals("newest")) {
                        shown(whole.withStore(login, s -> s.newest((String) arguments[0], 50)).messages().stream()
                                .map(RemoteMessage::id)
                                .toList());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<?> shown(Collection<?> ids) {
        if (ids.contains(garbled)) {
            throw new UpstreamException.ProtocolViolation("garbled", null);
        }
        if (ids.contains(silent)) {
            whenSilent.run();
        }
        return ids.stream().filter(id -> !id.equals(silent)).toList();
    }

    @Override
    public <T, X extends Exception> T withTransport(ServerLogin login, TransportWork<T, X> work) throws X {
        return whole.withTransport(login, work);
    }

    @Override
    public <T, X extends Exception> T withMaildrop(MaildropLogin login, MaildropWork<T, X> work) throws X {
        return whole.withMaildrop(login, work);
    }

    @Override
    public void verify(ServerLogin login) {
        whole.verify(login);
    }

    @Override
    public Watch watch(ServerLogin login, String mailbox, Watcher watcher) {
        return whole.watch(login, mailbox, watcher);
    }

    @Override
    public Optional<Servers> discover(String address) {
        return whole.discover(address);
    }

    @Override
    public void forget(long accountId) {
        whole.forget(accountId);
    }
}
