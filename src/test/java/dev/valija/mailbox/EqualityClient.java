package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.mailbox.BulkRequests.Chosen;
import dev.valija.mailbox.BulkRequests.KeywordChange;
import dev.valija.message.Keyword;
import dev.valija.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Somebody who reads their mail through Valija and acts on what they see there. */
final class EqualityClient {
    private static final List<Keyword> SHARED = List.of(Keyword.SEEN, Keyword.FLAGGED, new Keyword("$label1"));

    private final String me;
    private final TestNode node;
    private final UserId user;
    private final long account;
    private final EqualityLedger ledger;
    private final Random random;
    private final boolean movesAtOnce;

    EqualityClient(
            String me,
            TestNode node,
            UserId user,
            long account,
            EqualityLedger ledger,
            long seed,
            boolean movesAtOnce) {
        this.me = me;
        this.node = node;
        this.user = user;
        this.account = account;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.movesAtOnce = movesAtOnce;
    }

    private record Row(long id, String mailbox, String mark) {}

    /** Something a user may do; a provider that cannot be reached leaves it undone, or done without our knowing. */
    void acts() {
        try {
            act();
        } catch (ProblemException e) {
            ledger.log(me, "failed: " + e.problem() + " " + e.getMessage());
        }
    }

    private void act() {
        var mailboxes =
                node.index.list(account).stream().filter(Mailbox::selectable).toList();
        if (mailboxes.isEmpty()) {
            return;
        }
        var target = mailboxes.get(random.nextInt(mailboxes.size()));
        var rows = someRows();
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> mark(rows);
            case 5, 6 -> {
                var keyword = SHARED.get(random.nextInt(SHARED.size()));
                boolean on = random.nextInt(3) > 0;
                change(rows, on ? Set.of(keyword) : Set.of(), on ? Set.of() : Set.of(keyword), null);
                ledger.log(me, (on ? "add " : "remove ") + keyword + " " + rows);
            }
            case 7, 8, 9, 10, 11 -> {
                rows.forEach(row -> {
                    ledger.moved(me, row.mark(), target.remoteName());
                    if (!movesAtOnce) {
                        ledger.mayStayBehind(row.mark());
                    }
                });
                var result = change(rows, Set.of(), Set.of(), target.key());
                ledger.log(me, "moved " + rows + " " + result);
            }
            case 12 -> {
                rows.forEach(row -> ledger.copied(me, row.mark(), target.remoteName()));
                node.bulk.copy(user, ids(rows), target.key());
            }
            case 13, 14 -> {
                rows.forEach(row -> {
                    ledger.moved(me, row.mark(), "Trash");
                    ledger.deleted(me, row.mark());
                    if (!movesAtOnce) {
                        ledger.mayStayBehind(row.mark());
                    }
                });
                ledger.log(me, "deleted " + rows + " " + node.bulk.delete(user, ids(rows)));
            }
            case 15 -> {
                ledger.log(me, "all of " + target.remoteName() + " is read");
                node.bulk.change(
                        user,
                        new Chosen.All(target.key(), MessageFilter.UNREAD),
                        new KeywordChange(Set.of(Keyword.SEEN), Set.of()),
                        null);
            }
            case 16 -> create();
            case 17 -> rename(target);
            case 18 -> delete(target);
            default -> node.freshness.lookedAt(target);
        }
    }

    /** A message that goes while it is read may have a bare row for a moment: nobody names that. */
    private List<Row> someRows() {
        var all = node.jdbc
                .sql("""
                        select m.id, b.remote_name, m.subject from message m
                          join mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id
                         where m.account_id = ? and m.subject <> '' order by m.id
                        """)
                .param(account)
                .query((rs, n) -> new Row(rs.getLong(1), rs.getString(2), rs.getString(3)))
                .list();
        all.forEach(row -> ledger.shows(row.id(), row.mark()));
        var some = new ArrayList<Row>();
        for (int i = random.nextInt(4); i >= 0 && !all.isEmpty(); i--) {
            var row = all.get(random.nextInt(all.size()));
            if (!some.contains(row)) {
                some.add(row);
            }
        }
        return some;
    }

    private Chosen.Ids ids(List<Row> rows) {
        return new Chosen.Ids(rows.stream()
                .map(row -> new MessageKey(account, row.id()).toString())
                .collect(java.util.stream.Collectors.toSet()));
    }

    private BulkResult change(List<Row> rows, Set<Keyword> add, Set<Keyword> remove, MailboxKey target) {
        return node.bulk.change(user, ids(rows), new KeywordChange(add, remove), target);
    }

    private void mark(List<Row> rows) {
        for (var row : rows.subList(0, Math.min(1, rows.size()))) {
            var keyword = ledger.marked(me, row.mark());
            var result = change(List.of(row), Set.of(new Keyword(keyword)), Set.of(), null);
            if (result.changed() == 1 && result.failed().isEmpty()) {
                ledger.surelyMarked(row.mark(), keyword);
            }
        }
    }

    private void create() {
        var name = EqualityServer.NAMES.get(random.nextInt(EqualityServer.NAMES.size()));
        if (!name.contains("/")) {
            ledger.log(me, "create " + name);
            node.edits.create(user, account, name, new MailboxEdits.Place(null));
        }
    }

    private void rename(Mailbox mailbox) {
        var to = EqualityServer.NAMES.get(random.nextInt(EqualityServer.NAMES.size()));
        if (EqualityServer.NAMES.contains(mailbox.remoteName()) && !to.contains("/")) {
            ledger.renamed(me, mailbox.remoteName(), to);
            node.edits.change(user, mailbox.key(), new MailboxEdits.Change(to, new MailboxEdits.Place(null), null));
        }
    }

    private void delete(Mailbox mailbox) {
        if (EqualityServer.NAMES.contains(mailbox.remoteName()) && random.nextInt(3) == 0) {
            ledger.unsafe(me, mailbox.remoteName(), "delete mailbox");
            node.edits.delete(user, mailbox.key());
        }
    }
}
