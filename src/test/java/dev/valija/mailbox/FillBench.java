package dev.valija.mailbox;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** How fast rows get into the index: run {@code main}, no test. Arguments: rows, rows a chunk, SQL to run before. */
final class FillBench {
    private static final String[] WORDS =
            "plan for Thursday invoice report über meeting lunch ticket answer draft photo list release notes café"
                    .split(" ");

    public static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int chunk = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        var upstream = new FakeUpstream();
        var accounts = new FakeAccounts(upstream);
        upstream.user("anna@example.org", "secret");
        accounts.add(new UserId(1), 1, "anna@example.org");
        try (var node = new TestNode(FreshDatabase.migrated(), upstream, accounts)) {
            if (args.length > 2) {
                node.jdbc.sql(args[2]).update();
            }
            var statistics = new IndexStatistics(node.jdbc);
            node.tree.known(1);
            var inbox = node.mailbox(1, "INBOX");
            var random = new Random(1);
            long spent = 0;
            for (int done = 0; done < rows; done += chunk) {
                var messages = messages(rows - done, chunk, random);
                long start = System.nanoTime();
                node.syncWrites.fill(inbox.key(), null, new RowBatch(1, messages));
                statistics.grew(messages.size());
                spent += System.nanoTime() - start;
                if (done % 10_000 == 0) {
                    System.out.printf("%d rows, %.1f s%n", done + chunk, spent / 1e9);
                }
            }
            System.out.printf("%d rows in %.2f s: %.0f rows/s%n", rows, spent / 1e9, rows / (spent / 1e9));
            System.out.printf("PostgreSQL's own time: %.2f s%n", backendSeconds(node));
        }
    }

    /** Processor time of the database's backends: comparable on a busy machine too. Linux only. */
    private static double backendSeconds(TestNode node) throws IOException {
        var backends = node.jdbc
                .sql("select pid from pg_stat_activity where datname = current_database()")
                .query(Long.class)
                .list();
        long ticks = 0;
        for (var pid : backends) {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"))
                    .replaceFirst("^.*\\) ", "")
                    .split(" ");
            ticks += Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
        }
        return ticks / 100.0;
    }

    private static List<RemoteMessage> messages(int newest, int count, Random random) {
        var messages = new ArrayList<RemoteMessage>();
        for (int id = newest; id > newest - count && id > 0; id--) {
            var references = new ArrayList<String>();
            for (int r = id; random.nextInt(3) == 0 && r > 10; ) {
                r -= 1 + random.nextInt(9);
                references.addFirst("m" + r + "@example.org");
            }
            var subject =
                    "Re: " + WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)] + " " + id;
            var from = List.of(new Address("Person " + random.nextInt(500), "p" + id % 500 + "@example.org"));
            var to = List.of(
                    new Address("Anna Example", "anna@example.org"),
                    new Address(null, "luis" + random.nextInt(50) + "@example.org"));
            var envelope = new Envelope(
                    "m" + id + "@example.org",
                    references.isEmpty() ? List.of() : List.of(references.getLast()),
                    references,
                    subject,
                    from,
                    from,
                    List.of(),
                    to,
                    List.of(),
                    List.of(),
                    Mails.NOON.plusSeconds(id * 60L));
            var text = new BodyPart("1", "text/plain", "utf-8", null, null, null, "quoted-printable", 800, List.of());
            var html = new BodyPart("2", "text/html", "utf-8", null, null, null, "quoted-printable", 8000, List.of());
            var structure =
                    new BodyPart("", "multipart/alternative", null, null, null, null, "7bit", 0, List.of(text, html));
            messages.add(new RemoteMessage(
                    new RemoteId(id),
                    envelope,
                    Mails.NOON.plusSeconds(id * 60L),
                    9000 + random.nextInt(50000),
                    random.nextInt(4) == 0 ? Set.of() : Set.of(Keyword.SEEN),
                    structure));
        }
        return messages;
    }

    private FillBench() {}
}
