package dev.valija.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The ids that some messages name, and where they lead: what the messages refer to, less what a user has split off,
 * and more what was linked otherwise.
 */
final class ThreadNames {
    /**
     * Some mailers have the same Message-ID, or the same one in References, on all they send. An id that messages of
     * more base subjects name than any conversation has, a long series of patches included, joins only those of one
     * subject.
     */
    static final int MOST_SUBJECTS = 64;

    private final Map<String, Name> names = new HashMap<>();
    private final Map<String, Set<Long>> threadsOfSubjects = new HashMap<>();
    private final Set<String> splits = new HashSet<>();
    private final Map<String, List<String>> linked = new HashMap<>();

    private static final class Name {
        final Set<Integer> before = new HashSet<>();
        final Set<Integer> subjects = new HashSet<>();
        final Set<Long> threads = new HashSet<>();
        final Map<Integer, Set<Long>> threadsBySubject = new HashMap<>();
        /** As it is stored: the thread, and how many subjects. */
        long remembered;

        int rememberedSubjects;

        boolean overloaded() {
            return subjects.size() > MOST_SUBJECTS;
        }
    }

    private ThreadNames() {}

    static ThreadNames read(
            JdbcClient jdbc, ThreadLinks links, long accountId, Collection<ThreadIndex.Links> messages) {
        var names = new ThreadNames();
        var ids = new HashSet<String>();
        for (var message : messages) {
            ids.addAll(message.named());
        }
        for (var link : links.from(accountId, ids)) {
            if (link.reason() == ThreadLinks.Reason.SPLIT) {
                names.splits.add(link.messageId());
            } else {
                names.linked
                        .computeIfAbsent(link.messageId(), id -> new ArrayList<>())
                        .add(link.linkedTo());
                ids.add(link.linkedTo());
            }
        }
        names.load(jdbc, accountId, ids);
        for (var message : messages) {
            message.named().forEach(id -> names.name(id).subjects.add(message.subject()));
        }
        names.loadOfSubjects(jdbc, accountId, messages);
        return names;
    }

    private void load(JdbcClient jdbc, long accountId, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        var wanted = ids.toArray(String[]::new);
        jdbc.sql("""
                        select message_id, thread_id, subjects from thread_reference
                         where account_id = :account and message_id = any (:ids)
                        """).param("account", accountId).param("ids", wanted).query(rs -> {
            var name = name(rs.getString(1));
            name.remembered = rs.getLong(2);
            name.threads.add(name.remembered);
            var subjects = List.of((Integer[]) rs.getArray(3).getArray());
            name.rememberedSubjects = subjects.size();
            name.before.addAll(subjects);
        });
        jdbc.sql("""
                        select distinct m.message_id, p.thread_id, m.base_subject
                          from message m
                          join message_place p on p.account_id = m.account_id and p.message_id = m.id
                         where m.account_id = :account and m.message_id = any (:ids)
                        """).param("account", accountId).param("ids", wanted).query(rs -> {
            var name = name(rs.getString(1));
            int subject = rs.getString(3).hashCode();
            name.before.add(subject);
            name.threads.add(rs.getLong(2));
            name.threadsBySubject.computeIfAbsent(subject, s -> new HashSet<>()).add(rs.getLong(2));
        });
        names.values().forEach(name -> name.subjects.addAll(name.before));
    }

    private void loadOfSubjects(JdbcClient jdbc, long accountId, Collection<ThreadIndex.Links> messages) {
        var nodes = new HashSet<String>();
        for (var message : messages) {
            for (var id : message.named()) {
                if (name(id).overloaded()) {
                    nodes.add(key(id, message.subject()));
                }
            }
        }
        if (nodes.isEmpty()) {
            return;
        }
        jdbc.sql("select message_id, thread_id from thread_reference where account_id = ? and message_id = any (?)")
                .param(accountId)
                .param(nodes.toArray(String[]::new))
                .query(rs -> {
                    threadsOfSubjects
                            .computeIfAbsent(rs.getString(1), id -> new HashSet<>())
                            .add(rs.getLong(2));
                });
    }

    /** Ids that are too much named from these messages on, and so no longer join what they have joined. */
    List<String> newlyOverloaded() {
        var ids = new ArrayList<String>();
        names.forEach((id, name) -> {
            if (name.overloaded() && name.before.size() <= MOST_SUBJECTS) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** Every thread that an id has led to. */
    Set<Long> threads(String id) {
        return name(id).threads;
    }

    /**
     * What a message is connected by.
     *
     * @param id as it is named
     * @param key what connects: the id, or the id with the subject
     * @param threads where it has led to so far
     */
    record Node(String id, String key, Set<Long> threads) {}

    /** What a message is connected by, its own id first; empty for a message that names nothing. */
    List<Node> nodes(ThreadIndex.Links message) {
        var ids = new LinkedHashSet<String>();
        var own = message.messageId();
        if (own != null) {
            ids.add(own);
        }
        ids.addAll(references(message));
        // Links of what it refers to as well: they hold after the message they were made from is deleted.
        for (var id : List.copyOf(ids)) {
            ids.addAll(linked.getOrDefault(id, List.of()));
        }
        return ids.stream().map(id -> node(id, message.subject())).toList();
    }

    /** What a message refers to: from the last split on, for what follows from a message goes with it. */
    List<String> references(ThreadIndex.Links message) {
        if (message.messageId() != null && splits.contains(message.messageId())) {
            return List.of();
        }
        var references = message.references();
        for (int i = references.size() - 1; i > 0; i--) {
            if (splits.contains(references.get(i))) {
                return references.subList(i, references.size());
            }
        }
        return references;
    }

    private Node node(String id, int subject) {
        var name = name(id);
        if (!name.overloaded()) {
            return new Node(id, id, name.threads);
        }
        var key = key(id, subject);
        var threads = new HashSet<>(name.threadsBySubject.getOrDefault(subject, Set.of()));
        threads.addAll(threadsOfSubjects.getOrDefault(key, Set.of()));
        return new Node(id, key, threads);
    }

    /** The rows of {@code thread_reference} that are not as they are to be when that node is part of that thread. */
    List<Row> rows(Node node, long thread) {
        var name = name(node.id());
        if (!name.overloaded()) {
            boolean same = name.remembered == thread && name.rememberedSubjects == name.subjects.size();
            return same ? List.of() : List.of(new Row(node.id(), thread, name.subjects));
        }
        var row = new Row(node.key(), thread, Set.of());
        return name.rememberedSubjects > MOST_SUBJECTS
                ? List.of(row)
                : List.of(row, new Row(node.id(), thread, name.subjects));
    }

    /** A row of {@code thread_reference}. */
    record Row(String messageId, long thread, Set<Integer> subjects) {}

    /** The row that says how much an id is named. */
    Row row(String id) {
        return new Row(id, name(id).remembered, name(id).subjects);
    }

    private static String key(String id, int subject) {
        return id + " " + Integer.toHexString(subject);
    }

    private Name name(String id) {
        return names.computeIfAbsent(id, i -> new Name());
    }
}
