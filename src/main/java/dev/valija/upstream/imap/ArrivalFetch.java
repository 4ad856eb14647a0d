package dev.valija.upstream.imap;

import dev.valija.upstream.Changes;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches new mail where it was heard of: on the watch's own connection, which has the mailbox selected. At any doubt
 * there is no answer, and the mailbox is asked for its changes as after any other news.
 */
final class ArrivalFetch {
    /** More at once are better read newest first and in pieces, by those who can. */
    private static final int MOST = 50;

    private final Selected selected;
    private long from;
    private int known;
    private final List<RemoteMessage> fetched = new ArrayList<>();
    private boolean reading;
    private boolean doubtful;

    /** @param selected the mailbox as it is before any news of it */
    ArrivalFetch(Selected selected) {
        this.selected = selected;
        this.from = selected.uidNext();
        this.known = selected.exists();
    }

    String mailbox() {
        return selected.mailbox();
    }

    /** What to fetch, when it is nothing but some new mail. */
    @Nullable
    Command begin() {
        int more = selected.exists() - known;
        fetched.clear();
        doubtful = false;
        reading = from > 0 && more > 0 && more <= MOST;
        return reading ? ImapRows.from(from) : null;
    }

    /** Takes a response that belongs to the fetch. @return false for all others */
    boolean take(Line line) {
        FetchRow row = reading ? FetchRow.of(line) : null;
        if (row == null || !row.has("ENVELOPE")) {
            return false;
        }
        if (row.uid() >= from) {
            RemoteMessage message = row.whole() && !row.deleted() ? ImapRows.message(selected, row) : null;
            doubtful |= message == null || fetched.size() == MOST;
            if (!doubtful && message != null) {
                fetched.add(message);
            }
        }
        return true;
    }

    /** What came, if that is all that happened. From now on only what comes later is new. */
    Optional<Upstream.Arrivals> end(Line result) {
        int exists = selected.exists();
        boolean complete = reading && result.isOK() && !doubtful && known + fetched.size() == exists;
        var arrived = new Arrived(selected.validity(), from, exists, List.copyOf(fetched));
        fetched.stream().mapToLong(message -> Uids.uid(message.id())).max().ifPresent(last -> from = last + 1);
        skip();
        return complete ? Optional.of(arrived) : Optional.empty();
    }

    /** What happened is found out by others. */
    void skip() {
        known = selected.exists();
        fetched.clear();
        reading = false;
    }

    private record Arrived(long validity, long from, int exists, List<RemoteMessage> messages)
            implements Upstream.Arrivals {
        @Override
        public Optional<Changes.Delta> since(SyncState state) {
            List<RemoteId> ids = messages.stream().map(RemoteMessage::id).toList();
            return ImapChanges.grown(state, validity, from, exists, ids);
        }
    }
}
