package dev.valija.mailbox;

import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Fetches rows for the index, getting around the few messages whose rows a provider garbles. */
final class ChunkFetch {
    /** Each costs a connection: a provider that garbles everything is not asked message by message. */
    private static final int MOST_VIOLATIONS = 12;

    private static final int PARTS = 30;

    private final Provider provider;

    ChunkFetch(Provider provider) {
        this.provider = provider;
    }

    /** The rows; messages that are gone are left out, and one that cannot be read has a bare row. */
    List<RemoteMessage> rows(Mailbox mailbox, Collection<RemoteId> ids) {
        return rows(mailbox, List.copyOf(ids), new int[1]);
    }

    private List<RemoteMessage> rows(Mailbox mailbox, List<RemoteId> ids, int[] violations) {
        try {
            return provider.with(mailbox.accountId(), store -> {
                var rows = new ArrayList<RemoteMessage>(ids.size());
                store.fetch(mailbox.remoteName(), ids, rows::add);
                return rows;
            });
        } catch (UpstreamException.ProtocolViolation e) {
            if (++violations[0] > MOST_VIOLATIONS) {
                throw e;
            }
            if (ids.size() == 1) {
                return List.of(Rows.bare(ids.getFirst(), Set.of()));
            }
            // 1000, 33, 1: two more lost connections find a bad message.
            int part = Math.max(1, ids.size() / PARTS);
            var rows = new ArrayList<RemoteMessage>(ids.size());
            for (int from = 0; from < ids.size(); from += part) {
                rows.addAll(rows(mailbox, ids.subList(from, Math.min(from + part, ids.size())), violations));
            }
            return rows;
        }
    }
}
