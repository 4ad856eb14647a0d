package dev.valija.collection;

import dev.valija.collection.Item.State;
import dev.valija.collection.Plan.Known;
import dev.valija.upstream.Maildrop.Entry;
import dev.valija.upstream.UpstreamException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Holds what a server lists against what is known of it. */
@Component
class Planner {
    private static final int CHUNK = 1000;
    /** Each is taken anew in every session, only to be recognised. */
    private static final int MOST_UNNAMED = 1000;

    private final Ledger ledger;

    Planner(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @throws UpstreamException.NotSupported where too many messages are without a name */
    Plan plan(MailCollection mine, List<Entry> entries, Instant now) {
        var unnamed = entries.stream().filter(entry -> entry.uidl() == null).toList();
        if (unnamed.size() > MOST_UNNAMED) {
            throw new UpstreamException.NotSupported("The server cannot tell one message from another.", null);
        }
        var named = entries.stream().filter(entry -> entry.uidl() != null).toList();
        var names = named.stream().map(Planner::name).collect(Collectors.toCollection(HashSet::new));
        ledger.reckon(mine, names, now);
        var wanted = new ArrayList<Known>();
        var removable = new ArrayList<Known>();
        int waiting = 0;
        for (int from = 0; from < named.size(); from += CHUNK) {
            var chunk = named.subList(from, Math.min(from + CHUNK, named.size()));
            var items = known(mine, chunk);
            for (var entry : chunk) {
                var item = items.get(name(entry));
                var known = new Known(entry, item);
                if (item == null || item.state() == State.SEEN || item.state() == State.RETRIEVED) {
                    if (item != null && item.waits(now)) {
                        waiting++;
                    } else {
                        wanted.add(known);
                    }
                } else if (mayGo(mine, item, now)) {
                    removable.add(known);
                }
            }
        }
        return new Plan(wanted, removable, unnamed, names, waiting);
    }

    static boolean mayGo(MailCollection mine, Item item, Instant now) {
        var stored = item.storedAt();
        var from = stored == null ? null : mine.policy().deletesAt(stored);
        return item.removable() && from != null && !from.isAfter(now);
    }

    private Map<String, Item> known(MailCollection mine, List<Entry> chunk) {
        var items = byName(mine, chunk);
        for (var entry : chunk) {
            var item = items.get(name(entry));
            if (item != null && isAnother(item, entry)) {
                ledger.unname(mine, item);
                items.remove(name(entry));
            }
        }
        var unknown =
                chunk.stream().filter(entry -> !items.containsKey(name(entry))).toList();
        if (unknown.isEmpty()) {
            return items;
        }
        ledger.seen(
                mine,
                unknown.stream().map(Planner::name).toList(),
                unknown.stream().map(Entry::octets).toList());
        return byName(mine, chunk);
    }

    private Map<String, Item> byName(MailCollection mine, List<Entry> chunk) {
        return ledger.named(mine, chunk.stream().map(Planner::name).toList()).stream()
                .collect(Collectors.toMap(item -> String.valueOf(item.uidl()), item -> item));
    }

    /** No server should give a name again, and some do: what has gone, or has another size, is not this one. */
    private static boolean isAnother(Item item, Entry entry) {
        return switch (item.state()) {
            case SEEN -> false;
            case GONE -> true;
            case RETRIEVED, STORED, DELETING, TWIN -> item.octets() != entry.octets();
        };
    }

    private static String name(Entry entry) {
        return String.valueOf((@Nullable Object) entry.uidl());
    }
}
