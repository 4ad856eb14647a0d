package dev.valija.mailbox;

import dev.valija.message.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds the threads of messages by Message-ID, In-Reply-To and References (RFC 5256, RFC 8621 3) and by
 * {@link ThreadLinks}, across all mailboxes of an account. Works on batches, within the transaction that writes their
 * rows. In whatever order messages come, those are one thread that are connected.
 */
@Repository
class ThreadIndex {
    /** Ids for threads to come, so that most messages need no question for theirs. */
    private static final int SPARE = 50;

    private final Deque<Long> spare = new ArrayDeque<>();

    private final JdbcClient jdbc;
    private final ThreadLinks links;
    private final ThreadMembers members;

    ThreadIndex(JdbcClient jdbc, ThreadLinks links, ThreadMembers members) {
        this.jdbc = jdbc;
        this.links = links;
        this.members = members;
    }

    /**
     * What makes a message part of a thread.
     *
     * @param messageId its own id, if it has one
     * @param references the ids it refers to, oldest first, each once
     * @param subject stands for the base subject
     */
    record Links(@Nullable String messageId, List<String> references, int subject) {
        /** A message that refers to more is joined to its thread by its nearest and its oldest ancestors. */
        private static final int MOST_REFERENCES = 100;

        static Links of(Envelope envelope, String baseSubject) {
            var all = new ArrayList<>(envelope.references());
            all.addAll(envelope.inReplyTo());
            all.removeIf(String::isBlank);
            var some = all.size() <= MOST_REFERENCES
                    ? all
                    : Stream.concat(
                                    all.stream().limit(10),
                                    all.subList(all.size() - MOST_REFERENCES + 10, all.size()).stream())
                            .toList();
            var keys = new LinkedHashSet<String>();
            some.forEach(id -> keys.add(Texts.idKey(id)));
            var id = envelope.messageId();
            var own = id == null || id.isBlank() ? null : Texts.idKey(id);
            keys.remove(own);
            return new Links(own, List.copyOf(keys), baseSubject.hashCode());
        }

        /** All ids it names. */
        List<String> named() {
            return messageId == null
                    ? references
                    : Stream.concat(Stream.of(messageId), references.stream()).toList();
        }
    }

    /** The thread of each of these messages, in their order. Threads that turn out to be one are merged. */
    long[] assign(long accountId, List<Links> messages) {
        var names = names(accountId, messages);
        var nodes = messages.stream().map(names::nodes).toList();
        var groups = new ThreadGroups();
        var byThread = new HashMap<Long, String>();
        for (var ids : nodes) {
            groups.connect(ids.stream().map(ThreadNames.Node::key).toList());
            for (var node : ids) {
                for (long thread : node.threads()) {
                    var other = byThread.putIfAbsent(thread, node.key());
                    if (other != null) {
                        groups.connect(other, node.key());
                    }
                }
            }
        }
        var threads = threads(accountId, messages.size(), nodes, groups, byThread);
        var answer = new long[messages.size()];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = Objects.requireNonNull(threads.get(group(groups, nodes.get(i), i)));
        }
        remember(accountId, names, nodes, answer);
        return answer;
    }

    /** What the ids of messages mean by now. */
    ThreadNames read(long accountId, List<Links> messages) {
        return ThreadNames.read(jdbc, links, accountId, messages);
    }

    /** What the ids of messages mean, with the threads taken apart that only too much named ids held together. */
    ThreadNames names(long accountId, List<Links> messages) {
        var names = ThreadNames.read(jdbc, links, accountId, messages);
        var overloaded = names.newlyOverloaded();
        if (overloaded.isEmpty()) {
            return names;
        }
        var threads =
                overloaded.stream().flatMap(id -> names.threads(id).stream()).collect(Collectors.toSet());
        write(accountId, overloaded.stream().map(names::row).toList());
        regroup(accountId, threads);
        return ThreadNames.read(jdbc, links, accountId, messages);
    }

    /** The thread of each group: the largest it has by now, or a new one. */
    private Map<String, Long> threads(
            long accountId,
            int messages,
            List<List<ThreadNames.Node>> nodes,
            ThreadGroups groups,
            Map<Long, String> byThread) {
        var existing = new HashMap<String, Set<Long>>();
        byThread.forEach((thread, key) ->
                existing.computeIfAbsent(groups.find(key), g -> new HashSet<>()).add(thread));
        var winners = merged(accountId, existing);
        var without = new LinkedHashSet<String>();
        for (int i = 0; i < messages; i++) {
            var group = group(groups, nodes.get(i), i);
            if (!winners.containsKey(group)) {
                without.add(group);
            }
        }
        var fresh = newThreads(without.size()).iterator();
        without.forEach(group -> winners.put(group, fresh.next()));
        return winners;
    }

    private static String group(ThreadGroups groups, List<ThreadNames.Node> nodes, int number) {
        return nodes.isEmpty()
                ? "message " + number
                : groups.find(nodes.getFirst().key());
    }

    private Map<String, Long> merged(long accountId, Map<String, Set<Long>> existing) {
        var winners = new HashMap<String, Long>();
        var several = existing.values().stream()
                .filter(threads -> threads.size() > 1)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
        // The smaller go to the largest, so that no message is written again and again.
        var sizes = sizes(accountId, several);
        var largest = Comparator.comparingLong((Long thread) -> sizes.getOrDefault(thread, 0L))
                .thenComparing(Comparator.reverseOrder());
        var losers = new HashMap<Long, Long>();
        existing.forEach((group, threads) -> {
            long winner = threads.stream().max(largest).orElseThrow();
            winners.put(group, winner);
            threads.stream().filter(thread -> thread != winner).forEach(loser -> losers.put(loser, winner));
        });
        merge(accountId, losers);
        return winners;
    }

    private Map<Long, Long> sizes(long accountId, Set<Long> threads) {
        if (threads.isEmpty()) {
            return Map.of();
        }
        var sizes = new HashMap<Long, Long>();
        jdbc.sql("""
                        select thread_id, sum(messages) from mailbox_thread
                         where account_id = ? and thread_id = any (?) group by thread_id
                        """).param(accountId).param(threads.toArray(Long[]::new)).query(rs -> {
            sizes.put(rs.getLong(1), rs.getLong(2));
        });
        return sizes;
    }

    /** Makes threads of their own of the parts of a thread that nothing connects. The largest part stays. */
    void regroup(long accountId, Collection<Long> threads) {
        for (long thread : threads) {
            regroup(accountId, thread);
        }
    }

    private void regroup(long accountId, long thread) {
        var all = members.of(accountId, thread);
        var links = all.stream().map(ThreadMembers.Member::links).toList();
        var names = ThreadNames.read(jdbc, this.links, accountId, links);
        var nodes = links.stream().map(names::nodes).toList();
        var groups = new ThreadGroups();
        nodes.forEach(
                ids -> groups.connect(ids.stream().map(ThreadNames.Node::key).toList()));
        var parts = new LinkedHashMap<String, List<Integer>>();
        for (int i = 0; i < all.size(); i++) {
            parts.computeIfAbsent(group(groups, nodes.get(i), i), g -> new ArrayList<>())
                    .add(i);
        }
        var fresh = newThreads(Math.max(0, parts.size() - 1)).iterator();
        var largest = parts.values().stream().mapToInt(List::size).max().orElse(0);
        var threads = new long[all.size()];
        boolean kept = false;
        for (var part : parts.values()) {
            boolean stays = !kept && part.size() == largest;
            kept |= stays;
            long its = stays ? thread : fresh.next();
            part.forEach(i -> threads[i] = its);
        }
        jdbc.sql("""
                        update message_place p set thread_id = n.thread
                          from unnest(:ids::bigint[], :threads::bigint[]) n (id, thread)
                         where p.account_id = :account and p.message_id = n.id and p.thread_id <> n.thread
                        """)
                .param("ids", all.stream().map(ThreadMembers.Member::id).toArray(Long[]::new))
                .param("threads", boxed(threads))
                .param("account", accountId)
                .update();
        remember(accountId, names, nodes, threads);
    }

    /**
     * Forgets which ids lead to threads of which no message is left. Those named too much are kept: they tell what must
     * not be joined.
     */
    void forgetDeserted(long accountId) {
        jdbc.sql("""
                        delete from thread_reference t
                         where account_id = ? and cardinality(subjects) <= ?
                           and not exists (select from message_place p
                                            where p.account_id = t.account_id and p.thread_id = t.thread_id)
                        """).param(accountId).param(ThreadNames.MOST_SUBJECTS).update();
    }

    void removeAccount(long accountId) {
        jdbc.sql("delete from thread_reference where account_id = ?")
                .param(accountId)
                .update();
        links.removeAccount(accountId);
    }

    private List<Long> newThreads(int count) {
        synchronized (spare) {
            int lack = count - spare.size();
            if (lack > 0) {
                spare.addAll(jdbc.sql("select nextval('thread_id_seq') from generate_series(1, ?)")
                        .param(Math.max(lack, SPARE))
                        .query(Long.class)
                        .list());
            }
            return Stream.generate(spare::remove).limit(count).toList();
        }
    }

    private void merge(long accountId, Map<Long, Long> winners) {
        if (winners.isEmpty()) {
            return;
        }
        var losers = new ArrayList<>(winners.keySet());
        Long[] from = losers.toArray(Long[]::new);
        Long[] to = losers.stream().map(winners::get).toArray(Long[]::new);
        for (var table : List.of("message_place", "thread_reference")) {
            jdbc.sql("update " + table
                            + " t set thread_id = w.winner from unnest(:from::bigint[], :to::bigint[]) w (loser, winner)"
                            + " where t.account_id = :account and t.thread_id = w.loser")
                    .param("from", from)
                    .param("to", to)
                    .param("account", accountId)
                    .update();
        }
    }

    /** Keeps where ids lead to, once they are part of a conversation: the thread outlives its messages. */
    private void remember(long accountId, ThreadNames names, List<List<ThreadNames.Node>> nodes, long[] threads) {
        var rows = new LinkedHashMap<String, ThreadNames.Row>();
        for (int i = 0; i < threads.length; i++) {
            var ids = nodes.get(i);
            for (var node : ids) {
                boolean alone = ids.size() == 1 && node.id().equals(node.key());
                if (!alone || !node.threads().isEmpty()) {
                    names.rows(node, threads[i]).forEach(row -> rows.put(row.messageId(), row));
                }
            }
        }
        write(accountId, rows.values());
    }

    private void write(long accountId, Collection<ThreadNames.Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        insert into thread_reference as t (account_id, message_id, thread_id, subjects)
                        select :account, r.id, r.thread, string_to_array(r.subjects, ' ')::integer[]
                          from unnest(:ids::text[], :threads::bigint[], :subjects::text[]) r (id, thread, subjects)
                        on conflict (account_id, message_id) do update
                            set thread_id = excluded.thread_id, subjects = excluded.subjects
                          where t.thread_id <> excluded.thread_id or t.subjects <> excluded.subjects
                        """)
                .param("account", accountId)
                .param("ids", rows.stream().map(ThreadNames.Row::messageId).toArray(String[]::new))
                .param("threads", rows.stream().map(ThreadNames.Row::thread).toArray(Long[]::new))
                .param(
                        "subjects",
                        rows.stream()
                                .map(row -> row.subjects().stream()
                                        .sorted()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" ")))
                                .toArray(String[]::new))
                .update();
    }

    private static Long[] boxed(long[] numbers) {
        return java.util.Arrays.stream(numbers).boxed().toArray(Long[]::new);
    }
}
