package dev.valija.mailbox;

import static dev.valija.support.FakeMailStore.INBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a watch does without being told. */
class AccountWatchTests {
    @AutoClose
    private final TestAccount anna = new TestAccount(FreshDatabase.migrated());

    private final AtomicLong clock = new AtomicLong();

    @Test
    void newsTheServerKeptToItselfIsFoundWithinTenMinutes() {
        anna.node.fills(anna.id, INBOX);
        var watch = new AccountWatch(anna.id, anna.node.freshness, anna.node.filling, anna.node.provider, clock::get);
        long listed = lists();
        watch.connected();
        Mirror.await(() -> lists() > listed);
        anna.store.holds(Mails.plain("nobody is told of it"));
        watch.beat();
        assertThat(lists()).as("not at once").isEqualTo(listed + 1);
        clock.addAndGet(Duration.ofMinutes(10).plusSeconds(1).toNanos());
        watch.beat();
        Mirror.awaitEqual(anna.node.jdbc, anna.id, anna.store);
    }

    private long lists() {
        return anna.store.calls().stream().filter("mailboxes"::equals).count();
    }
}
