package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import java.util.List;

/**
 * Messages of one mailbox that something is to be done to.
 *
 * @param places where they are at the provider; with {@code select} perhaps more than are indexed
 * @param ids those of them that are indexed, by our ids
 */
record Selected(Mailbox mailbox, List<RemoteId> places, List<Long> ids) {

    /** What is told of when it fails. */
    List<String> keys() {
        return ids.stream()
                .map(id -> new MessageKey(mailbox.accountId(), id).toString())
                .toList();
    }
}
