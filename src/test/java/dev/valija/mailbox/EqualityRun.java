package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import dev.valija.support.CuttingProxy;
import dev.valija.support.DovecotServer;
import dev.valija.support.FreshDatabase;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.ServerLogin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * One seed: a user at a server, two clients of theirs through Valija over a bad line and one straight at the server,
 * all acting at random; then rest, and the judgement.
 */
final class EqualityRun implements AutoCloseable {
    private static final UserId ANNA = new UserId(1);
    private static final int STEPS = 14;

    private final long seed;
    private final boolean tellsModSeq;
    private final CuttingProxy line;
    private final EqualityLedger ledger = new EqualityLedger();
    private final EqualityServer server;
    /** The nodes with the account that each one's client has. */
    private final Map<TestNode, Long> nodes = new LinkedHashMap<>();

    private final List<Runnable> clients = new ArrayList<>();

    EqualityRun(
            long seed,
            EqualityServers.Rung rung,
            DovecotServer dovecot,
            FreshDatabase database,
            List<TestUpstream> upstreams) {
        this.seed = seed;
        this.tellsModSeq = rung.tellsModSeq();
        var user = "eq" + seed + "@example.org";
        line = new CuttingProxy(dovecot.imaps(), seed);
        server = new EqualityServer(dovecot, user, ledger, seed * 31);
        // Either two nodes share an account, or the same mail is that of two accounts.
        boolean shared = seed % 3 != 0;
        for (int i = 0; i < upstreams.size(); i++) {
            long account = seed * 2 + (shared ? 0 : i);
            var accounts = new FakeAccounts((id, address) -> new ServerLogin(
                    id, line.settings(), line.settings(), new Credentials(address, DovecotServer.PASSWORD)));
            accounts.add(ANNA, account, user);
            var node = new TestNode(database, upstreams.get(i).upstream(), accounts);
            nodes.put(node, account);
            var client =
                    new EqualityClient("user" + i, node, ANNA, account, ledger, seed * 31 + 1 + i, rung.movesAtOnce());
            clients.add(client::acts);
        }
        clients.add(server::acts);
    }

    void run() {
        server.begins();
        nodes.keySet().forEach(node -> {
            node.watching.start();
            node.watching.keep(ANNA);
        });
        if (seed % 2 == 0) {
            oneAfterTheOther();
        } else {
            atOnce();
        }
        line.calm();
        server.deletesRuins();
        try {
            nodes.forEach(this::catchesUp);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollDelay(Duration.ofMillis(20))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(this::judge);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + "\n" + ledger.operations() + "\n" + e.getMessage(), e);
        }
    }

    /** The order of the operations is the seed's; only the synchronisation runs beside. */
    private void oneAfterTheOther() {
        var random = new Random(seed);
        for (int i = 0; i < STEPS * clients.size(); i++) {
            clients.get(random.nextInt(clients.size())).run();
        }
    }

    private void atOnce() {
        var threads = clients.stream()
                .map(client -> Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < STEPS; i++) {
                        client.run();
                    }
                }))
                .toList();
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a watch does when it stands again. */
    private void catchesUp(TestNode node, long account) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                node.freshness.catchUp(account);
                if (!tellsModSeq) {
                    // Such a server tells of changed flags to those who look only.
                    node.index.list(account).stream()
                            .filter(Mailbox::selectable)
                            .forEach(mailbox -> node.freshness.refresh(mailbox.key()));
                }
                return true;
            } catch (ProblemException e) {
                ledger.log("rest", "catching up failed: " + e.problem() + " " + e.getMessage());
                return false;
            }
        });
    }

    private void judge() {
        var dump = server.dump();
        assertThat(ledger.wrongs(EqualityServer.found(dump)))
                .as("wrong-message actions")
                .isEmpty();
        nodes.forEach((node, account) -> {
            var counts = new TreeMap<String, String>();
            for (var mailbox : node.index.list(account)) {
                if (mailbox.selectable()) {
                    counts.put(mailbox.remoteName(), mailbox.total() + "/" + mailbox.unread() + mailbox.complete());
                }
            }
            var expected = new TreeMap<String, String>();
            dump.forEach((name, all) -> {
                assertThat(Mirror.rows(node.jdbc, account, name)).as(name).isEqualTo(all);
                var unread = all.stream()
                        .filter(seen -> !List.of(seen.keywords().split(" ")).contains("$seen"))
                        .count();
                expected.put(name, all.size() + "/" + unread + "true");
            });
            assertThat(counts).isEqualTo(expected);
            judgeThreads(node, account);
        });
    }

    private void judgeThreads(TestNode node, long account) {
        var threads = new TreeMap<String, Long>();
        var groups = new TreeMap<Long, String>();
        node.jdbc
                .sql("select id, subject, thread_id from stored_message where account_id = ?")
                .param(account)
                .query((rs, n) -> {
                    ledger.shows(rs.getLong(1), rs.getString(2));
                    var group = EqualityServer.group(rs.getString(2));
                    var thread = rs.getLong(3);
                    assertThat(threads.computeIfAbsent(group, g -> thread))
                            .as(group)
                            .isEqualTo(thread);
                    assertThat(groups.computeIfAbsent(thread, t -> group))
                            .as("thread")
                            .isEqualTo(group);
                    return thread;
                })
                .list();
    }

    @Override
    public void close() {
        nodes.keySet().forEach(TestNode::close);
        server.close();
        line.close();
    }
}
