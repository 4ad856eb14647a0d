package dev.valija.mailbox;

import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteMailbox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Keeps the mailboxes of an account equal to the provider's list. */
@Service
class MailboxTree {
    private static final Logger log = LoggerFactory.getLogger(MailboxTree.class);
    /** Longer names do not fit the unique index; no server allows them. */
    private static final int LONGEST_NAME = 600;

    private final Provider provider;
    private final FirstLooks firstLooks;
    private final MailboxIndex mailboxes;
    private final MessageIndex messages;
    private final Renumbering renumbering;
    private final IndexWrites writes;
    private final KeyedLocks<Long> locks = new KeyedLocks<>();

    MailboxTree(
            Provider provider,
            FirstLooks firstLooks,
            MailboxIndex mailboxes,
            MessageIndex messages,
            Renumbering renumbering,
            IndexWrites writes) {
        this.provider = provider;
        this.firstLooks = firstLooks;
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.renumbering = renumbering;
        this.writes = writes;
    }

    /** A mailbox of the provider's list, its place worked out. */
    record Node(
            String remoteName,
            String name,
            @Nullable String parentName,
            @Nullable String separator,
            @Nullable MailboxRole role,
            boolean selectable,
            boolean subscribed,
            int total,
            int unread,
            @Nullable String state) {}

    /** A mailbox that has moved on at the provider, and what the list calls its state. */
    record Moved(MailboxKey key, @Nullable String state) {}

    /** The mailboxes in the index; asks the provider only when it was never asked before. */
    List<Mailbox> known(long accountId) {
        var known = mailboxes.list(accountId);
        if (!known.isEmpty()) {
            return known;
        }
        return locks.holding(List.of(accountId), () -> {
            if (!mailboxes.hasAny(accountId)) {
                var listed =
                        firstLooks.mailboxes(accountId).orElseGet(() -> provider.with(accountId, MailStore::mailboxes));
                reconcile(accountId, nodes(listed));
            }
            return mailboxes.list(accountId);
        });
    }

    /** Lists the provider's mailboxes anew. @return those whose messages are to be read again */
    List<Moved> relist(long accountId) {
        return holding(accountId, () -> reconcile(accountId, nodes(provider.with(accountId, MailStore::mailboxes))));
    }

    /** Does something to the tree while nobody lists it. */
    <T> T holding(long accountId, Supplier<T> work) {
        return locks.holding(List.of(accountId), work);
    }

    private List<Moved> reconcile(long accountId, List<Node> nodes) {
        return writes.in(accountId, () -> {
            writes.requireAccount(accountId); // which may have been removed while its mailboxes were listed
            var before = new TreeMap<String, Mailbox>();
            mailboxes.list(accountId).forEach(m -> before.put(m.remoteName(), m));
            var renamed = renamed(before, nodes);
            var ids = new HashMap<String, Long>();
            var changed = new ArrayList<Long>();
            var moved = new ArrayList<Moved>();
            var kept = new HashSet<Long>();
            for (var node : nodes) {
                var old = Optional.ofNullable(before.get(node.remoteName()))
                        .orElseGet(() -> renamed.get(node.remoteName()));
                var parent = node.parentName() == null ? null : ids.get(node.parentName());
                long id;
                if (old == null) {
                    id = mailboxes.insert(accountId, node, parent);
                    changed.add(id);
                } else {
                    id = old.id();
                    if (keep(old, node, parent)) {
                        changed.add(id);
                    }
                    if (old.known() && node.selectable() && behind(old, node)) {
                        moved.add(new Moved(old.key(), node.state()));
                    }
                }
                kept.add(id);
                ids.put(node.remoteName(), id);
            }
            for (var old : before.values()) {
                if (!kept.contains(old.id())) {
                    messages.deleteAll(old.key());
                    mailboxes.delete(old.key());
                    changed.add(old.id());
                }
            }
            writes.tell(accountId, IndexChange.ofMailboxes(changed));
            return moved;
        });
    }

    /** Brings a row in line with the list. @return whether something a user sees of it changed */
    private boolean keep(Mailbox old, Node node, @Nullable Long parent) {
        boolean described = !old.remoteName().equals(node.remoteName())
                || !old.name().equals(node.name())
                || !Objects.equals(old.parentId(), parent)
                || !Objects.equals(old.separator(), node.separator())
                || old.role() != node.role()
                || old.selectable() != node.selectable()
                || old.subscribed() != node.subscribed();
        if (described) {
            mailboxes.describe(old.key(), node, parent);
        }
        if (!old.remoteName().equals(node.remoteName())) {
            // Perhaps it only looks like the old one under a new name: every row has to find its message there.
            renumbering.unplace(old.key());
            mailboxes.unread(old.key());
        }
        if (old.selectable() && !node.selectable()) {
            messages.deleteAll(old.key());
            mailboxes.synced(old.key(), Mailbox.Sync.UNKNOWN, null, 0, 0);
            mailboxes.counts(old.key(), 0, 0);
            return true;
        }
        boolean counted =
                !old.complete() && node.total() >= 0 && (old.total() != node.total() || old.unread() != node.unread());
        if (counted) {
            mailboxes.counts(old.key(), node.total(), node.unread());
        }
        return described || counted;
    }

    private static boolean behind(Mailbox old, Node node) {
        if (node.state() != null) {
            return !node.state().equals(old.remoteState());
        }
        return node.total() != old.total() || node.unread() != old.unread();
    }

    /** Mailboxes that are gone and seem to be there under another name, by the new one. */
    private static Map<String, Mailbox> renamed(Map<String, Mailbox> before, List<Node> nodes) {
        var gone = new TreeMap<>(before);
        nodes.forEach(node -> gone.remove(node.remoteName()));
        var renamed = new HashMap<String, Mailbox>();
        for (var node : nodes) {
            if (before.containsKey(node.remoteName()) || node.total() < 1) {
                continue;
            }
            gone.values().stream()
                    .filter(old -> old.selectable() && old.total() == node.total())
                    .filter(old -> old.unread() == node.unread()
                            || (node.state() != null && node.state().equals(old.remoteState())))
                    .min(Comparator.comparing((Mailbox old) -> !Objects.equals(node.state(), old.remoteState()))
                            .thenComparing(old -> !old.name().equals(node.name())))
                    .ifPresent(old -> {
                        gone.remove(old.remoteName());
                        renamed.put(node.remoteName(), old);
                    });
        }
        return renamed;
    }

    /** The list with the parents it leaves out (RFC 9051 6.3.9 allows that), parents first. */
    static List<Node> nodes(List<RemoteMailbox> listed) {
        var nodes = new TreeMap<String, Node>();
        for (var mailbox : listed) {
            var name = mailbox.name();
            if (name.isEmpty() || name.length() > LONGEST_NAME || !name.equals(Texts.storable(name, LONGEST_NAME))) {
                log.warn("a mailbox is left out: its name of {} characters cannot be kept", name.length());
                continue;
            }
            nodes.put(name, node(mailbox));
        }
        for (var node : List.copyOf(nodes.values())) {
            addParents(node, nodes);
        }
        return List.copyOf(nodes.values());
    }

    private static void addParents(Node node, Map<String, Node> nodes) {
        for (var parent = node.parentName(); parent != null && !nodes.containsKey(parent); ) {
            var mere = new Node(
                    parent,
                    lastPart(parent, node.separator()),
                    parentOf(parent, node.separator()),
                    node.separator(),
                    null,
                    false,
                    false,
                    0,
                    0,
                    null);
            nodes.put(parent, mere);
            parent = mere.parentName();
        }
    }

    private static Node node(RemoteMailbox mailbox) {
        var separator = mailbox.separator() == null ? null : mailbox.separator().toString();
        return new Node(
                mailbox.name(),
                lastPart(mailbox.name(), separator),
                parentOf(mailbox.name(), separator),
                separator,
                mailbox.role(),
                mailbox.selectable(),
                mailbox.subscribed(),
                mailbox.total(),
                mailbox.unread(),
                mailbox.state());
    }

    private static @Nullable String parentOf(String name, @Nullable String separator) {
        int at = separator == null ? -1 : name.lastIndexOf(separator);
        return at <= 0 || at == name.length() - 1 ? null : name.substring(0, at);
    }

    private static String lastPart(String name, @Nullable String separator) {
        int at = separator == null ? -1 : name.lastIndexOf(separator);
        return at <= 0 || at == name.length() - 1 ? name : name.substring(at + 1);
    }
}
