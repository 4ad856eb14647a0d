package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.Upstream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that takes long to list a mailbox: users go on meanwhile, and what it lists is as it was before. */
class ListingBesideChangesTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final String ARCHIVE = "Archive";

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    /** The next listing of that mailbox is long on its way. */
    private final AtomicReference<String> slow = new AtomicReference<>("");

    private final CountDownLatch listed = new CountDownLatch(1);
    private final CountDownLatch arrives = new CountDownLatch(1);

    @AutoClose
    private final TestNode node = anna.anotherNode(slowly(anna.upstream));

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;
    private RemoteId hello;

    @BeforeEach
    void start() {
        hello = store.holds(Mails.plain("Hello"));
        node.fills(account, INBOX);
        Mirror.awaitEqual(node.jdbc, account, store);
    }

    @ParameterizedTest
    @ValueSource(strings = {INBOX, ARCHIVE})
    void aMoveIsNotUndoneByAListingFromBefore(String mailbox) throws Exception {
        var ids = Mirror.ids(node.jdbc, account, INBOX);

        whileListed(mailbox, () -> {
            var inbox = node.mailbox(account, INBOX);
            var archive = node.mailbox(account, ARCHIVE);
            node.sync.holding(
                    () -> {
                        var newIds = node.provider.with(account, s -> s.move(INBOX, List.of(hello), ARCHIVE));
                        node.local.moved(inbox.key(), archive.key(), List.of(hello), newIds);
                        return 0;
                    },
                    inbox.key(),
                    archive.key());
        });

        assertThat(Mirror.ids(node.jdbc, account, ARCHIVE)).isEqualTo(ids);
        Mirror.awaitEqual(node.jdbc, account, store);
        assertThat(node.mailbox(account, mailbox).complete()).isTrue();
    }

    @Test
    void aMarkIsNotUndoneByAListingFromBefore() throws Exception {
        whileListed(INBOX, () -> {
            var inbox = node.mailbox(account, INBOX);
            node.sync.holding(
                    () -> {
                        store.marks(INBOX, hello, Keyword.SEEN);
                        node.local.keywords(inbox.key(), List.of(hello), Set.of(Keyword.SEEN), Set.of());
                        return 0;
                    },
                    inbox.key());
        });
        Mirror.assertEqual(node.jdbc, account, store, INBOX);
    }

    private void whileListed(String mailbox, Runnable change) throws InterruptedException {
        store.forgetsStates(mailbox);
        slow.set(mailbox);
        var key = node.mailbox(account, mailbox).key();
        var listing = Thread.startVirtualThread(() -> node.sync.refresh(key));
        try {
            assertThat(listed.await(20, TimeUnit.SECONDS)).isTrue();
            var changing = Thread.startVirtualThread(change);
            Mirror.await(() -> !changing.isAlive());
        } finally {
            arrives.countDown();
            listing.join();
        }
    }

    private Upstream slowly(Upstream upstream) {
        return proxy(Upstream.class, upstream, (name, arguments, call) -> {
            if (name.equals("withStore")) {
                var work = (Upstream.StoreWork<?, ?>) arguments[1];
                Upstream.StoreWork<?, ?> slowed = s -> work.with(slowly(s));
                arguments[1] = slowed;
            }
            return call.now();
        });
    }

    private MailStore slowly(MailStore known) {
        return proxy(MailStore.class, known, (name, arguments, call) -> {
            var answer = call.now();
            if (name.equals("changes") && arguments[0].equals(slow.get())) {
                slow.set("");
                listed.countDown();
                arrives.await();
            }
            return answer;
        });
    }

    private interface Call {
        Object now() throws Throwable;
    }

    private interface Interception {
        Object on(String method, Object[] arguments, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> port, T real, Interception interception) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (self, method, arguments) -> interception.on(method.getName(), arguments, () -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
