package dev.valija.mailbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ids that are connected: union-find. */
final class ThreadGroups {
    private final Map<String, String> parents = new HashMap<>();

    /** All of these are one group. */
    void connect(List<String> ids) {
        for (var id : ids) {
            parents.put(find(id), find(ids.getFirst()));
        }
    }

    void connect(String a, String b) {
        connect(List.of(a, b));
    }

    Set<String> ids() {
        return new HashSet<>(parents.keySet());
    }

    /** The id that stands for the group of this one. */
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
}
