package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Watching, and signing in. */
interface WatchContract extends StoreFixture {

    @Test
    default void theRightPasswordIsAccepted() {
        upstream().verify(mine());
    }

    @Test
    default void aWrongPasswordIsRejected() {
        var wrong = new ServerLogin(
                mine().accountId() + 1000,
                mine().store(),
                mine().transport(),
                new Credentials(mine().credentials().username(), "wrong"));
        assertThatThrownBy(() -> upstream().verify(wrong)).isInstanceOf(UpstreamException.CredentialsRejected.class);
    }

    @Test
    default void whatOthersDoInTheWatchedMailboxIsTold() {
        var told = new Told();
        try (var watch = upstream().watch(mine(), INBOX, told)) {
            told.expect("connected");

            var mail = Mails.plain("Hello");
            elsewhere(store -> store.append(INBOX, mail.stream(), mail.size(), Set.of(), null));
            told.expect("changed INBOX");
            var id = ids(INBOX).getFirst();
            told.forget();

            elsewhere(store -> store.changeKeywords(INBOX, List.of(id), Set.of(Keyword.SEEN), Set.of()));
            told.expect("changed INBOX");
            told.forget();

            elsewhere(store -> store.delete(INBOX, List.of(id)));
            told.expect("changed INBOX");
        }
    }

    @Test
    default void mailboxesMadeElsewhereAreTold() {
        var told = new Told();
        try (var watch = upstream().watch(mine(), INBOX, told)) {
            told.expect("connected");
            told.forget();
            elsewhere(store -> store.createMailbox("Projects"));
            told.expect("mailboxes");
        }
    }

    @Test
    default void mailInOtherMailboxesIsTold() {
        run(store -> store.createMailbox("Projects"));
        var told = new Told();
        try (var watch = upstream().watch(mine(), INBOX, told)) {
            told.expect("connected");
            told.forget();
            var mail = Mails.plain("Hello");
            elsewhere(store -> store.append("Projects", mail.stream(), mail.size(), Set.of(), null));
            await().atMost(patience())
                    .until(() -> told.events.contains("mailboxes") || told.events.contains("changed Projects"));
        }
    }

    /** How long news may take: the provider's push, or the poll where it has none. */
    default Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Notes what a watcher is told. */
    class Told implements Upstream.Watcher {
        final Queue<String> events = new ConcurrentLinkedQueue<>();

        void expect(String event) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> events.contains(event));
        }

        void forget() {
            events.clear();
        }

        @Override
        public void connected() {
            events.add("connected");
        }

        @Override
        public void mailboxChanged(String mailbox) {
            events.add("changed " + mailbox);
        }

        @Override
        public void mailboxesChanged() {
            events.add("mailboxes");
        }

        @Override
        public void lost(UpstreamException why) {
            events.add("lost");
        }
    }
}
