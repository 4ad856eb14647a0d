package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.SearchGap.Reason;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.support.FakeMailStore;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageSearchTests {
    private static final UserId ANNA = new UserId(1);
    private static final long WORK = 1;
    private static final long HOME = 2;

    private final FakeUpstream upstream = new FakeUpstream();
    private final FakeAccounts accounts = new FakeAccounts(upstream);
    private FakeMailStore work;
    private FakeMailStore home;
    private TestNode node;

    @BeforeEach
    void start() {
        work = upstream.user("anna@example.org", "secret");
        home = upstream.user("anna.home@example.org", "secret");
        accounts.add(ANNA, WORK, "anna@example.org");
        accounts.add(ANNA, HOME, "anna.home@example.org");
        node = new TestNode(FreshDatabase.migrated(), upstream, accounts);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** Number i of these was sent i minutes after noon; every tenth speaks of a zebra. */
    private List<RemoteId> holds(FakeMailStore store, String mailbox, int from, int to) {
        var ids = new ArrayList<RemoteId>();
        for (int i = from; i < to; i++) {
            ids.add(store.holds(
                    mailbox,
                    Mails.plain("Number " + i, i % 10 == 0 ? "A zebra." : "A horse.")
                            .sentAt(Mails.NOON.plusSeconds(60L * i))));
        }
        return ids;
    }

    private static List<String> subjects(List<MessageRow> rows) {
        return rows.stream().map(row -> row.summary().subject()).toList();
    }

    private MessageSearch.Page page(String query, Position.After after, int limit) {
        return node.search.page(node.search.scope(ANNA, null, null), QueryParser.parse(query), after, limit);
    }

    /** What a listener heard. */
    private static final class Heard implements MessageSearch.Listener {
        final List<String> subjects = new ArrayList<>();
        final List<Integer> searched = new ArrayList<>();

        @Override
        public synchronized void hits(List<MessageSummary> hits) {
            hits.forEach(hit -> subjects.add(hit.subject()));
        }

        @Override
        public synchronized void progress(int done, int total) {
            searched.add(done);
        }
    }

    private MessageSearch.Outcome stream(String query, Interruption interruption, MessageSearch.Listener heard)
            throws IOException {
        var scope = node.search.scope(ANNA, null, null);
        return node.search.stream(scope, QueryParser.parse(query), 1000, interruption, heard);
    }

    @Test
    void bodiesAreLookedThroughFromTheNewestBackInAllAccounts() throws IOException {
        holds(work, "INBOX", 0, 700);
        holds(work, "Archive", 2000, 2005);
        holds(home, "INBOX", 1000, 1700);
        node.fills(WORK, "INBOX");
        node.fills(HOME, "INBOX");
        var heard = new Heard();

        var outcome = stream("zebra", new Interruption(), heard);

        assertThat(outcome).isEqualTo(new MessageSearch.Outcome(true, List.of()));
        assertThat(heard.subjects).hasSize(141).doesNotHaveDuplicates().startsWith("Number 2000", "Number 1690");
        assertThat(heard.subjects.subList(1, 71)).allMatch(subject -> subject.length() == 11);
        assertThat(heard.searched).isSorted().startsWith(0).endsWith(1405).hasSizeGreaterThan(5);
    }

    @Test
    void pagesOfBodySearchesAreInOrderAndWhole() {
        holds(work, "INBOX", 0, 400);
        holds(work, "Archive", 100, 300);
        holds(home, "INBOX", 200, 500);
        node.fills(WORK, "INBOX");
        node.fills(HOME, "INBOX");

        var all = page("body:zebra", null, 500);
        assertThat(subjects(all.rows())).hasSize(40 + 20 + 30);
        assertThat(all.rows()).isSortedAccordingTo(IndexSearch.NEWEST_FIRST);
        assertThat(all.next()).isNull();
        var some = new ArrayList<MessageRow>();
        Position.After after = null;
        do {
            var page = page("body:zebra", after, 7);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(7);
            some.addAll(page.rows());
            after = page.next();
        } while (after != null);
        assertThat(some).isEqualTo(all.rows());
        assertThat(subjects(page("-body:zebra subject:number", null, 500).rows()))
                .hasSize(500);
        assertThat(subjects(page("-body:zebra \"number 100\"", null, 500).rows()))
                .isEmpty();
        assertThat(subjects(page("body:zebra OR \"number 101\"", null, 500).rows()))
                .hasSize(92);
    }

    @Test
    void aMessageThatGoesMeanwhileDoesNotEndTheList() {
        var ids = holds(work, "INBOX", 0, 30);
        var inbox = node.fills(WORK, "INBOX");
        var going = new SearchQueries(node.jdbc) {
            @Override
            List<MessageRow> rows(long account, List<Hit> hits) {
                if (node.messages
                                .knownAmong(inbox.key(), List.of(ids.getLast()))
                                .size()
                        == 1) {
                    node.writes.run(WORK, () -> node.messages.delete(inbox.key(), List.of(ids.getLast())));
                }
                return super.rows(account, hits);
            }
        };
        var scope = node.search.scope(ANNA, WORK, null);
        var condition = new SearchCondition(WORK, scope, QueryParser.parse("subject:number"), Map.of());

        var found = new IndexSearch(going).find(condition, 30, null, 11);

        assertThat(subjects(found)).hasSize(11).startsWith("Number 28");
    }

    @Test
    void whatTheIndexDoesNotHoldYetIsAskedOfTheProvider() throws IOException {
        holds(work, "INBOX", 0, 120);
        node.tree.known(WORK);
        node.tree.known(HOME);
        var inbox = node.sync.firstPage(node.mailbox(WORK, "INBOX"));
        assertThat(inbox.complete()).isFalse();

        var page = page("\"number 7\"", null, 10);
        assertThat(subjects(page.rows())).containsExactly("Number 7");
        assertThat(page.gaps()).containsExactly(SearchGap.unread(inbox.key()));
        var heard = new Heard();
        assertThat(stream("\"number 8\"", new Interruption(), heard).complete()).isFalse();
        assertThat(heard.subjects).containsExactly("Number 8");
    }

    @Test
    void anInterruptedSearchLooksNoFurther() throws Exception {
        holds(work, "INBOX", 0, 700);
        node.fills(WORK, "INBOX");
        node.tree.known(HOME);
        var interruption = new Interruption();
        var looking = new CountDownLatch(2);
        var stretches = new AtomicInteger();
        work.onLookBack(stretch -> {
            looking.countDown();
            if (stretches.incrementAndGet() == 2) {
                waitForever();
            }
        });
        var heard = new Heard();
        var outcome = new CompletableFuture<MessageSearch.Outcome>();
        Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(stream("zebra", interruption, heard));
            } catch (IOException | RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        looking.await();
        assertThat(outcome).isNotDone();

        interruption.interrupt();

        assertThat(outcome.join().complete()).isFalse();
        assertThat(stretches).hasValue(2);
        assertThat(heard.subjects).hasSize(30);
        assertThat(node.provider.staleSince(WORK)).isEmpty();
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void searchesOfOneAccountTakeTurns() throws Exception {
        holds(work, "INBOX", 0, 900);
        node.fills(WORK, "INBOX");
        node.tree.known(HOME);
        var atWork = new AtomicInteger();
        var most = new AtomicInteger();
        work.onLookBack(stretch -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            atWork.decrementAndGet();
        });
        var both = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 2; i++) {
            both.add(CompletableFuture.supplyAsync(() -> {
                var heard = new Heard();
                try {
                    assertThat(stream("body:zebra", new Interruption(), heard).complete())
                            .isTrue();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return heard.subjects.size();
            }));
        }
        assertThat(both).allSatisfy(one -> assertThat(one.join()).isEqualTo(90));
        assertThat(most).hasValue(1);
    }

    @Test
    void anAccountThatIsAwayIsNamedAndTheOthersAreSearchedToTheEnd() throws IOException {
        holds(work, "INBOX", 0, 20);
        holds(home, "INBOX", 100, 120);
        node.fills(WORK, "INBOX");
        node.fills(HOME, "INBOX");
        home.failsWith(new UpstreamException.Unavailable("down", null));
        var heard = new Heard();

        var outcome = stream("zebra OR \"number 101\"", new Interruption(), heard);

        assertThat(outcome).isEqualTo(new MessageSearch.Outcome(false, List.of(SearchGap.unreachable(HOME))));
        assertThat(heard.subjects).containsExactly("Number 101", "Number 10", "Number 0");
        assertThat(outcome.gaps().getFirst().reason()).isEqualTo(Reason.unreachable);
        assertThatThrownBy(() -> page("body:zebra", null, 10)).isInstanceOf(UpstreamException.Unavailable.class);
    }

    @Test
    void wordsGoAndMoveWithTheirMessages() {
        var ids = holds(work, "INBOX", 0, 5);
        node.fills(WORK, "INBOX");
        node.tree.known(HOME);
        var inbox = node.mailbox(WORK, "INBOX");
        work.expunges("INBOX", ids.get(1));
        ((dev.valija.upstream.MailStore) work).move("INBOX", List.of(ids.get(2)), "Archive");
        node.refresh(inbox.key());
        node.refresh(node.mailbox(WORK, "Archive").key());

        assertThat(subjects(page("number", null, 10).rows()))
                .containsExactly("Number 4", "Number 3", "Number 2", "Number 0");
        assertThat(subjects(page("number in:archive", null, 10).rows())).containsExactly("Number 2");
        work.renumbers("INBOX");
        node.refresh(inbox.key());
        assertThat(subjects(page("number in:inbox", null, 10).rows()))
                .containsExactly("Number 4", "Number 3", "Number 0");
        assertThat(orphans()).isZero();
        node.lifecycle.removing(new dev.valija.account.AccountRemoved(ANNA, WORK));
        assertThat(node.jdbc
                        .sql("select count(*) from message_words")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private int orphans() {
        return node.jdbc.sql("""
                        select count(*) from message_words w full join message m
                            on m.account_id = w.account_id and m.id = w.message_id and m.received_at = w.received_at
                         where m.id is null or w.message_id is null
                        """).query(Integer.class).single();
    }
}
