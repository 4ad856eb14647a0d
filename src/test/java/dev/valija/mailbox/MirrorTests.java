package dev.valija.mailbox;

import static dev.valija.mailbox.TestAccount.ANNA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the user does through us and another mail program does beside: in the end the index shows what is there. */
class MirrorTests {
    private static final FreshDatabase DATABASE = FreshDatabase.migrated();
    private static final List<String> PLACES = List.of("INBOX", "Archive", "Trash", "Projects", "Projects/2026");
    private static final List<Keyword> KEYWORDS =
            List.of(Keyword.SEEN, Keyword.FLAGGED, Keyword.ANSWERED, new Keyword("work"));

    @AutoClose
    private final TestAccount anna = new TestAccount(DATABASE);

    private final long account = anna.id;
    private final FakeMailStore store = anna.store;

    private int mails;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void twoClientsAndTheIndexAgreeInTheEnd(long seed) {
        var random = new Random(seed);
        store.createMailbox("Projects");
        store.createMailbox("Projects/2026");
        if (random.nextBoolean()) {
            store.hidesNewIds();
        }
        for (int i = 0; i < 120; i++) {
            store.holds(PLACES.get(random.nextInt(PLACES.size())), Mails.plain("mail " + ++mails));
        }
        var node = anna.node;
        node.watching.start();
        node.watching.keep(ANNA);
        for (int step = 0; step < 150; step++) {
            if (random.nextInt(3) == 0) {
                throughUs(node, random);
            } else {
                elsewhere(store, random);
            }
        }
        Mirror.awaitEqual(node.jdbc, account, store);
        assertCountsAgree(node);
    }

    @Test
    void aNodeThatWasAwayFindsEverythingThatHappened() {
        store.createMailbox("Projects");
        store.createMailbox("Projects/2026");
        var random = new Random(7);
        for (int i = 0; i < 60; i++) {
            elsewhere(store, random);
        }
        try (var node = anna.node) {
            node.watching.start();
            node.watching.keep(ANNA);
            Mirror.awaitEqual(node.jdbc, account, store);
        }
        for (int i = 0; i < 100; i++) {
            elsewhere(store, random);
        }
        store.renumbers("INBOX");
        store.deleteMailbox("Junk");
        store.renameMailbox("Projects", "Work");
        try (var next = anna.anotherNode()) {
            // Nobody calls keepWatching: that the account was in use outlives the restart.
            next.watching.start();
            Mirror.awaitEqual(next.jdbc, account, store);
            assertCountsAgree(next);
        }
    }

    /** What another mail program does. */
    private void elsewhere(FakeMailStore store, Random random) {
        var place = PLACES.get(random.nextInt(PLACES.size()));
        var there = store.messages(place);
        var some =
                there.isEmpty() ? null : there.get(random.nextInt(there.size())).id();
        var keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 ->
                store.holds(place, Mails.plain("mail " + ++mails), random.nextBoolean() ? Keyword.SEEN : keyword);
            case 4, 5 -> {
                if (some != null) {
                    store.expunges(place, some);
                }
            }
            case 6, 7, 8 -> {
                if (some != null) {
                    store.marks(place, some, keyword);
                }
            }
            case 9 -> {
                if (some != null) {
                    store.unmarks(place, some, keyword);
                }
            }
            case 10 -> {
                if (random.nextInt(4) == 0) {
                    store.renumbers(place);
                } else {
                    store.forgetsStates(place);
                }
            }
            default -> {
                if (random.nextInt(3) == 0) {
                    anna.upstream.goesDown();
                    anna.upstream.comesBack();
                }
            }
        }
    }

    /** What the user does through us; a provider that fails leaves it undone. */
    private void throughUs(TestNode node, Random random) {
        var from = node.index
                .byName(account, PLACES.get(random.nextInt(PLACES.size())))
                .orElse(null);
        var to = node.index
                .byName(account, PLACES.get(random.nextInt(PLACES.size())))
                .orElse(null);
        if (from == null || to == null || from.equals(to)) {
            return;
        }
        int what = random.nextInt(3);
        double which = random.nextDouble();
        try {
            node.sync.holding(
                    () -> {
                        var rows = rows(node, from);
                        if (!rows.isEmpty()) {
                            changes(node, what, rows.get((int) (which * rows.size())), from, to);
                        }
                        return 0;
                    },
                    from.key(),
                    to.key());
            node.freshness.refresh(to.key());
        } catch (UpstreamException e) {
            assertThat(e).isInstanceOfAny(UpstreamException.Unavailable.class, UpstreamException.Renumbered.class);
        }
    }

    private void changes(TestNode node, int what, long[] row, Mailbox from, Mailbox to) {
        var remote = List.of(new RemoteId(row[1]));
        var newIds = node.provider.with(account, s -> {
            switch (what) {
                case 0 -> s.changeKeywords(from.remoteName(), remote, Set.of(Keyword.SEEN), Set.of());
                case 1 -> s.delete(from.remoteName(), remote);
                default -> {
                    return s.move(from.remoteName(), remote, to.remoteName());
                }
            }
            return Map.<RemoteId, RemoteId>of();
        });
        switch (what) {
            case 0 -> node.local.keywords(from.key(), remote, Set.of(Keyword.SEEN), Set.of());
            case 1 -> node.local.deleted(from.key(), remote);
            default -> node.local.moved(from.key(), to.key(), remote, newIds);
        }
    }

    private List<long[]> rows(TestNode node, Mailbox mailbox) {
        return node.jdbc
                .sql("select id, remote_id from stored_message where account_id = ? and mailbox_id = ?"
                        + " and remote_id is not null order by id")
                .param(account)
                .param(mailbox.id())
                .query((rs, n) -> new long[] {rs.getLong(1), rs.getLong(2)})
                .list();
    }

    private void assertCountsAgree(TestNode node) {
        ThreadCounts.assertAgree(node.jdbc);
        assertThat(node.jdbc.sql("""
                                select count(*) from mailbox b where account_id = ? and selectable and (total, unread) <>
                                  (select count(*), count(*) filter (where m.unread) from message_place m
                                    where m.account_id = b.account_id and m.mailbox_id = b.id)
                                """).param(account).query(Long.class).single()).isZero();
    }
}
