package dev.valija.mailbox;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.support.FreshDatabase;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Interruption;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * How long searches take in a real mailbox: run {@code main}, no test. Arguments: port of an IMAPS server on localhost,
 * the file of its authority, user, password, a rare word of a subject, a rare word of bodies.
 */
final class SearchBench {
    private static final UserId USER = new UserId(1);
    private static final int TIMES = 40;

    private final TestNode node;
    private final String word;

    private SearchBench(TestNode node, String word) {
        this.node = node;
        this.word = word;
    }

    public static void main(String[] args) throws IOException {
        var settings = new ServerSettings("localhost", Integer.parseInt(args[0]), Security.TLS);
        var login = new ServerLogin(1, settings, settings, new Credentials(args[2], args[3]));
        var accounts = new FakeAccounts((id, address) -> login);
        accounts.add(USER, 1, args[2]);
        try (var upstream = new TestUpstream("trusted-certificates", args[1]);
                var node = new TestNode(FreshDatabase.migrated(), upstream.upstream(), accounts)) {
            node.tree.known(1);
            long start = System.nanoTime();
            node.filling.wake(1);
            while (!node.index.list(1).stream().allMatch(m -> m.complete() || !m.selectable())) {
                Thread.onSpinWait();
            }
            System.out.printf("filled in %.1f s%n", (System.nanoTime() - start) / 1e9);
            for (var table : List.of("message", "message_place", "message_words")) {
                node.jdbc.sql("vacuum analyze " + table).update();
            }
            var bench = new SearchBench(node, args[4]);
            bench.headers();
            bench.bodies(args[5]);
        }
    }

    private void headers() {
        for (var query : List.of(
                word,
                "subject:" + word,
                word.substring(0, 4),
                "report",
                "re",
                "a",
                "from:anna",
                "from:example.org",
                "to:big",
                "quarterly invoice",
                "report anna",
                "\"quarterly report\"",
                "\"report quarterly\"",
                "report -quarterly",
                "-to:big",
                word + " OR zoe",
                "is:flagged",
                "is:unread report",
                "is:answered",
                "has:attachment invoice",
                "larger:5M",
                "larger:500k report",
                "in:inbox " + word,
                "after:2026-06-01 report",
                "before:2015-06-01 report",
                "会議",
                "nothingofthekind")) {
            measure(query);
        }
    }

    private void measure(String text) {
        var scope = node.search.scope(USER, null, null);
        var query = QueryParser.parse(text);
        var millis = new double[TIMES];
        int hits = 0;
        for (int i = -10; i < TIMES; i++) {
            long start = System.nanoTime();
            hits = node.search.page(scope, query, null, 50).rows().size();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-28s %3d hits  p50 %6.1f  p95 %6.1f ms%n", text, hits, millis[TIMES / 2], millis[TIMES * 95 / 100]);
    }

    private void bodies(String text) throws IOException {
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            var scope = node.search.scope(USER, null, null);
            var told = new double[2];
            var outcome = node.search.stream(
                    scope, QueryParser.parse("body:" + text), 500, new Interruption(), new MessageSearch.Listener() {
                        @Override
                        public void hits(List<MessageSummary> hits) {
                            told[0] = told[0] == 0 ? (System.nanoTime() - start) / 1e6 : told[0];
                            told[1] += hits.size();
                        }

                        @Override
                        public void progress(int searched, int total) {}
                    });
            System.out.printf(
                    "body:%s first hit after %.0f ms, %.0f hits in %.1f s, complete %s%n",
                    text, told[0], told[1], (System.nanoTime() - start) / 1e9, outcome.complete());
        }
    }
}
