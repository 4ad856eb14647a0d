package dev.valija.collection;

import dev.valija.upstream.Maildrop.Entry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session has to do.
 *
 * @param wanted to be stored, in the order of the server
 * @param removable to be deleted
 * @param unnamed known by their octets only
 * @param names of all messages there are
 * @param waiting to be stored some time later
 */
record Plan(List<Known> wanted, List<Known> removable, List<Entry> unnamed, Set<String> names, int waiting) {

    /**
     * A message there with what is known of it.
     *
     * @param item null where that is nothing yet
     */
    record Known(Entry entry, @Nullable Item item) {}
}
