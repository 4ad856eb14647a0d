package dev.valija.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds the threads of messages by Message-ID, In-Reply-To and References (RFC 5256, RFC 8621 3), across all mailboxes
 * of an account. Works on batches, within the transaction that writes their rows.
 */
@Repository
class ThreadIndex {
    private final JdbcClient jdbc;

    ThreadIndex(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The ids of a message that make it part of a thread: its own, if it has one, and those it refers to. */
    record Links(@org.jspecify.annotations.Nullable String messageId, Collection<String> references) {}

    /** The thread of each of these messages, in their order. Threads that turn out to be one are merged. */
    long[] assign(long accountId, List<Links> messages) {
        var groups = new Groups();
        messages.forEach(groups::add);
        var known = known(accountId, groups.ids());
        known.forEach(groups::join);

        var threads = groups.threads(known);
        var fresh = newThreads((int)
                        threads.values().stream().filter(Set::isEmpty).count()
                + (int) messages.stream()
                        .filter(m -> m.messageId() == null && m.references().isEmpty())
                        .count());
        int used = 0;
        var threadOfGroup = new HashMap<String, Long>();
        var losers = new HashMap<Long, Long>();
        for (var group : threads.entrySet()) {
            var existing = group.getValue();
            long thread = existing.isEmpty() ? fresh.get(used++) : existing.getFirst();
            existing.stream().skip(1).forEach(loser -> losers.put(loser, thread));
            threadOfGroup.put(group.getKey(), thread);
        }
        merge(accountId, losers);

        var answer = new long[messages.size()];
        var references = new HashMap<String, Long>();
        for (int i = 0; i < answer.length; i++) {
            var message = messages.get(i);
            var any = message.messageId() != null
                    ? message.messageId()
                    : message.references().stream().findFirst().orElse(null);
            answer[i] = any == null ? fresh.get(used++) : threadOfGroup.getOrDefault(groups.find(any), 0L);
            for (var reference : message.references()) {
                references.put(reference, answer[i]);
            }
            // Its own id too, once it is part of a conversation: the thread outlives the message.
            if (message.messageId() != null && !message.references().isEmpty()) {
                references.put(message.messageId(), answer[i]);
            }
        }
        remember(accountId, references);
        return answer;
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from thread_reference where account_id = ?")
                .param(accountId)
                .update();
    }

    private Map<String, Long> known(long accountId, Set<String> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var known = new HashMap<String, Long>();
        String[] wanted = ids.toArray(String[]::new);
        jdbc.sql("""
                        select message_id, thread_id from thread_reference
                         where account_id = :account and message_id = any (:ids)
                        union
                        select message_id, thread_id from message
                         where account_id = :account and message_id = any (:ids)
                        """)
                .param("account", accountId)
                .param("ids", wanted)
                .query((rs, n) -> known.put(rs.getString(1), rs.getLong(2)))
                .list();
        return known;
    }

    private List<Long> newThreads(int count) {
        if (count == 0) {
            return List.of();
        }
        return jdbc.sql("select nextval('thread_id_seq') from generate_series(1, ?)")
                .param(count)
                .query(Long.class)
                .list();
    }

    private void merge(long accountId, Map<Long, Long> winners) {
        if (winners.isEmpty()) {
            return;
        }
        var losers = new ArrayList<>(winners.keySet());
        Long[] from = losers.toArray(Long[]::new);
        Long[] to = losers.stream().map(winners::get).toArray(Long[]::new);
        for (var table : List.of("message", "thread_reference")) {
            jdbc.sql("update " + table
                            + " t set thread_id = w.winner from unnest(:from::bigint[], :to::bigint[]) w (loser, winner)"
                            + " where t.account_id = :account and t.thread_id = w.loser")
                    .param("from", from)
                    .param("to", to)
                    .param("account", accountId)
                    .update();
        }
    }

    private void remember(long accountId, Map<String, Long> threads) {
        if (threads.isEmpty()) {
            return;
        }
        var ids = new ArrayList<>(threads.keySet());
        jdbc.sql("""
                        insert into thread_reference (account_id, message_id, thread_id)
                        select :account, r.id, r.thread
                          from unnest(:ids::text[], :threads::bigint[]) r (id, thread)
                        on conflict do nothing
                        """)
                .param("account", accountId)
                .param("ids", ids.toArray(String[]::new))
                .param("threads", ids.stream().map(threads::get).toArray(Long[]::new))
                .update();
    }

    /** Message-IDs that belong together: a union-find forest. */
    private static final class Groups {
        private final Map<String, String> parents = new HashMap<>();
        private final Map<Long, String> byThread = new HashMap<>();

        void add(Links links) {
            var first = links.messageId();
            for (var reference : links.references()) {
                first = first == null ? reference : first;
                union(first, reference);
            }
            if (first != null) {
                find(first);
            }
        }

        /** Ids of one known thread are one group. */
        void join(String id, long thread) {
            var other = byThread.putIfAbsent(thread, id);
            if (other != null) {
                union(other, id);
            }
        }

        Set<String> ids() {
            return new HashSet<>(parents.keySet());
        }

        /** The threads each group has by now, the oldest first. */
        Map<String, SortedSet<Long>> threads(Map<String, Long> known) {
            var threads = new HashMap<String, SortedSet<Long>>();
            for (var id : ids()) {
                var group = threads.computeIfAbsent(find(id), root -> new TreeSet<>());
                var thread = known.get(id);
                if (thread != null) {
                    group.add(thread);
                }
            }
            return threads;
        }

        String find(String id) {
            var root = id;
            for (var up = parents.putIfAbsent(root, root); up != null && !up.equals(root); ) {
                root = up;
                up = parents.get(root);
            }
            for (var at = id; !at.equals(root); ) {
                var up = parents.put(at, root);
                at = up == null ? root : up;
            }
            return root;
        }

        private void union(String a, String b) {
            parents.put(find(a), find(b));
        }
    }
}
