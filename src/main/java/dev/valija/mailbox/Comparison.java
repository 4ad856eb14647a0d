package dev.valija.mailbox;

import dev.valija.message.Keyword;
import dev.valija.upstream.Changes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Compares all that a provider lists of a mailbox with the rows of the index. Both sides are read once, side by side in
 * the order of their remote ids, so that nothing is held of a million messages but what differs.
 */
@Repository
class Comparison {
    private static final int PAGE = 20_000;

    private final JdbcClient jdbc;

    Comparison(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What differs.
     *
     * @param missing messages that have no row, oldest first
     * @param gone rows that have no message
     * @param changed messages whose rows have other keywords
     * @param common messages that have a row
     */
    record Differences(RemoteIds missing, RemoteIds gone, List<Changes.Entry> changed, int common) {
        boolean none() {
            return missing.isEmpty() && gone.isEmpty() && changed.isEmpty();
        }
    }

    private record Row(long remoteId, String keywords) {}

    Differences of(MailboxKey mailbox, Changes.Snapshot snapshot) {
        var differences = new Merge(snapshot.all());
        long after = Long.MIN_VALUE;
        for (var page = page(mailbox, after); !page.isEmpty(); page = page(mailbox, after)) {
            page.forEach(differences::row);
            after = page.getLast().remoteId();
        }
        return differences.end();
    }

    private List<Row> page(MailboxKey mailbox, long after) {
        return jdbc.sql("""
                        select remote_id, array_to_string(keywords, ' ') from message_place
                         where account_id = ? and mailbox_id = ? and remote_id > ?
                         order by remote_id limit ?
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(after)
                .param(PAGE)
                .query((rs, n) -> new Row(rs.getLong(1), rs.getString(2)))
                .list();
    }

    /** One pass over both. */
    private static final class Merge {
        private final List<Changes.Entry> all;
        private final Map<Set<Keyword>, String> words = new HashMap<>();
        private final RemoteIds missing = new RemoteIds();
        private final RemoteIds gone = new RemoteIds();
        private final List<Changes.Entry> changed = new ArrayList<>();
        private int next;
        private int common;

        Merge(List<Changes.Entry> all) {
            this.all = all;
        }

        void row(Row row) {
            while (next < all.size() && id(next) < row.remoteId()) {
                missing.add(id(next++));
            }
            if (next == all.size() || id(next) > row.remoteId()) {
                gone.add(row.remoteId());
                return;
            }
            var entry = all.get(next++);
            common++;
            if (!words.computeIfAbsent(entry.keywords(), RowBatch::keywords).equals(row.keywords())) {
                changed.add(entry);
            }
        }

        Differences end() {
            while (next < all.size()) {
                missing.add(id(next++));
            }
            return new Differences(missing, gone, changed, common);
        }

        private long id(int index) {
            return all.get(index).id().value();
        }
    }
}
