package dev.valija.support;

import dev.valija.upstream.Credentials;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.MailTransport;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A mail provider in memory for the domain example.org: users with a {@link FakeMailStore} each, delivery between
 * them, watches, and the faults of providers on demand.
 */
public final class FakeUpstream implements Upstream {
    public static final ServerSettings IMAP = new ServerSettings("imap.example.org", 993, Security.TLS);
    public static final ServerSettings SMTP = new ServerSettings("smtp.example.org", 465, Security.TLS);

    public static final ServerSettings POP3 = new ServerSettings("pop.example.net", 995, Security.TLS);

    private final Map<String, FakeMaildrop> maildrops = new ConcurrentHashMap<>();
    private final Map<String, String> maildropPasswords = new ConcurrentHashMap<>();
    private final Map<String, FakeMailStore> stores = new ConcurrentHashMap<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Set<FakeWatch> watches = ConcurrentHashMap.newKeySet();
    private final FakeTransport transport = new FakeTransport(this);
    private final List<Long> forgotten = new CopyOnWriteArrayList<>();
    private final AtomicInteger signIns = new AtomicInteger();
    private final AtomicInteger maildropSignIns = new AtomicInteger();
    private volatile UpstreamException fault;
    private volatile UpstreamException transportFault;

    /** The mail of that user, who is there from now on and signs in with the address and that password. */
    public FakeMailStore user(String address, String password) {
        passwords.put(address, password);
        return stores.computeIfAbsent(address, name -> new FakeMailStore());
    }

    /** The mail of a user who is there. */
    public FakeMailStore store(String address) {
        var store = stores.get(address);
        if (store == null) {
            throw new IllegalArgumentException("no user " + address);
        }
        return store;
    }

    /** The maildrop of that user at {@link #POP3}, who signs in with that password from now on. */
    public FakeMaildrop maildrop(String user, String password) {
        maildropPasswords.put(user, password);
        return maildrops.computeIfAbsent(user, name -> new FakeMaildrop());
    }

    /** How one signs in here, as account {@code accountId}. */
    public ServerLogin login(long accountId, String address) {
        return new ServerLogin(accountId, IMAP, SMTP, new Credentials(address, passwords.getOrDefault(address, "")));
    }

    /** The user's password is another one from now on; watches end with the old one. */
    public void changesPassword(String address, String password) {
        passwords.put(address, password);
        watches.stream()
                .filter(w -> w.isOf(address))
                .forEach(w -> w.end(new UpstreamException.CredentialsRejected("no", null)));
    }

    /** The provider cannot be reached until {@link #comesBack}; watches tell so. */
    public void goesDown() {
        failsWith(new UpstreamException.Unavailable("down", null));
    }

    /** Everything fails so until {@link #comesBack}. */
    public void failsWith(UpstreamException exception) {
        fault = exception;
        stores.values().forEach(store -> store.failsWith(exception));
        watches.forEach(watch -> watch.lose(exception));
    }

    /** Mail is read as ever, but none can be sent until {@link #comesBack}. */
    public void refusesToSend(UpstreamException exception) {
        transportFault = exception;
    }

    /** All is well again; watches stand again. */
    public void comesBack() {
        fault = null;
        transportFault = null;
        stores.values().forEach(store -> store.failsWith(null));
        watches.forEach(FakeWatch::standAgain);
    }

    /** The submission side: what was sent, and its faults. */
    public FakeTransport transport() {
        return transport;
    }

    /** Accounts that were forgotten, in order. */
    public List<Long> forgotten() {
        return List.copyOf(forgotten);
    }

    /** Sign-ins so far, refused ones too. */
    public int signIns() {
        return signIns.get();
    }

    /** Watches that run now. */
    public int watches() {
        return watches.size();
    }

    @Override
    public <T, X extends Exception> T withStore(ServerLogin login, StoreWork<T, X> work) throws X {
        return work.with(signIn(login));
    }

    /** Interrupts the thread at work. */
    @Override
    public <T, X extends Exception> T withStoreApart(ServerLogin login, Interruption interruption, StoreWork<T, X> work)
            throws X {
        interruption.begins(Thread.currentThread()::interrupt);
        try {
            return work.with(signIn(login));
        } catch (RuntimeException e) {
            throw interruption.interrupted() ? new UpstreamException.Unavailable("interrupted", e) : e;
        } finally {
            interruption.ends();
            if (interruption.interrupted()) {
                Thread.interrupted(); // what was meant for the work is not for what comes after
            }
        }
    }

    @Override
    public <T, X extends Exception> T withTransport(ServerLogin login, TransportWork<T, X> work) throws X {
        signIn(login);
        if (transportFault != null) {
            throw transportFault;
        }
        return work.with((MailTransport) transport);
    }

    @Override
    public <T, X extends Exception> T withMaildrop(MaildropLogin login, MaildropWork<T, X> work) throws X {
        if (!login.server().host().equals(POP3.host())) {
            throw new UpstreamException.UnknownHost("no such host", null);
        }
        maildropSignIns.incrementAndGet();
        var name = login.credentials().username();
        if (!login.credentials().password().equals(maildropPasswords.get(name))) {
            throw new UpstreamException.CredentialsRejected("wrong password", null);
        }
        return maildrops.get(name).session(work);
    }

    /** Sign-ins to maildrops so far, refused ones too. */
    public int maildropSignIns() {
        return maildropSignIns.get();
    }

    @Override
    public void verify(ServerLogin login) {
        signIn(login);
    }

    @Override
    public Watch watch(ServerLogin login, String mailbox, Watcher watcher) {
        var name = login.credentials().username();
        var watch = new FakeWatch(name, mailbox, watcher);
        watches.add(watch);
        try {
            var store = signIn(login);
            watch.listenTo(store);
            watch.standAgain();
        } catch (UpstreamException.CredentialsRejected e) {
            watch.end(e);
        } catch (UpstreamException e) {
            if (stores.containsKey(name)) {
                watch.listenTo(store(name));
            }
            watch.lose(e);
        }
        return watch;
    }

    @Override
    public Optional<Servers> discover(String address) {
        return address.endsWith("@example.org") ? Optional.of(new Servers(IMAP, SMTP)) : Optional.empty();
    }

    @Override
    public void forget(long accountId) {
        forgotten.add(accountId);
    }

    Optional<FakeMailStore> mailOf(String address) {
        return Optional.ofNullable(stores.get(address));
    }

    private FakeMailStore signIn(ServerLogin login) {
        signIns.incrementAndGet();
        if (fault != null) {
            throw fault;
        }
        if (!login.store().host().endsWith("example.org")) {
            throw new UpstreamException.UnknownHost("no such host", null);
        }
        var name = login.credentials().username();
        if (!login.credentials().password().equals(passwords.get(name))) {
            throw new UpstreamException.CredentialsRejected("wrong password", null);
        }
        return store(name);
    }

    /** Tells one watcher from a thread of its own, in order. */
    private final class FakeWatch implements Watch {
        private static final Runnable END = () -> {};

        private final String user;
        private final String mailbox;
        private final Watcher watcher;
        private final LinkedBlockingQueue<Runnable> told = new LinkedBlockingQueue<>();
        private final java.util.function.Consumer<String> listener = this::changed;
        private FakeMailStore store;

        FakeWatch(String user, String mailbox, Watcher watcher) {
            this.user = user;
            this.mailbox = mailbox;
            this.watcher = watcher;
            Thread.ofVirtual().name("fake-watch").start(this::run);
        }

        private void run() {
            try {
                for (var next = told.take(); next != END; next = told.take()) {
                    next.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        boolean isOf(String address) {
            return user.equals(address);
        }

        void listenTo(FakeMailStore listened) {
            store = listened;
            store.onChange(listener);
        }

        private void changed(String changed) {
            if (fault == null) {
                told.add(() -> {
                    if (mailbox.equals(changed)) {
                        watcher.mailboxChanged(changed);
                    } else {
                        watcher.mailboxesChanged();
                    }
                });
            }
        }

        void standAgain() {
            told.add(watcher::connected);
        }

        void lose(UpstreamException why) {
            told.add(() -> watcher.lost(why));
        }

        void end(UpstreamException why) {
            lose(why);
            close();
        }

        @Override
        public void close() {
            watches.remove(this);
            if (store != null) {
                store.offChange(listener);
            }
            told.add(END);
        }
    }
}
