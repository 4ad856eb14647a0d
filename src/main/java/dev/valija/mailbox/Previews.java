package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import dev.valija.upstream.RemoteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Fetches the first words of messages that somebody has on the screen, after the list was answered without them. */
@Component
class Previews {
    private static final Logger log = LoggerFactory.getLogger(Previews.class);
    private static final int AT_ONCE = 200;

    private final Provider provider;
    private final IndexWrites writes;
    private final JdbcClient jdbc;

    /** What is wanted of each mailbox; a mailbox is here as long as somebody fetches for it. */
    private final Map<MailboxKey, Set<RemoteId>> wanted = new HashMap<>();

    Previews(Provider provider, IndexWrites writes, JdbcClient jdbc) {
        this.provider = provider;
        this.writes = writes;
        this.jdbc = jdbc;
    }

    /** Fetches what these rows lack, in the background: one call for all that is wanted of a mailbox by then. */
    void wanted(Mailbox mailbox, List<MessageRow> rows) {
        var ids = new ArrayList<RemoteId>();
        for (var row : rows) {
            if (row.summary().preview() == null && row.remoteId() != null) {
                ids.add(row.remoteId());
            }
        }
        if (ids.isEmpty()) {
            return;
        }
        synchronized (wanted) {
            var waiting = wanted.get(mailbox.key());
            if (waiting != null) {
                waiting.addAll(ids);
                return;
            }
            wanted.put(mailbox.key(), new LinkedHashSet<>(ids));
        }
        Thread.ofVirtual().name("previews " + mailbox.key()).start(() -> fetchAll(mailbox));
    }

    private void fetchAll(Mailbox mailbox) {
        for (var ids = next(mailbox); !ids.isEmpty(); ids = next(mailbox)) {
            try {
                fetch(mailbox, ids);
            } catch (ProblemException e) {
                // Asked for again by the next look at the list.
                log.debug("no previews of mailbox {}: {}", mailbox.key(), e.problem());
            } catch (RuntimeException e) {
                log.warn("previews of mailbox {} failed", mailbox.key(), e);
            }
        }
    }

    private List<RemoteId> next(Mailbox mailbox) {
        synchronized (wanted) {
            var waiting = wanted.getOrDefault(mailbox.key(), Set.of());
            var some = waiting.stream().limit(AT_ONCE).toList();
            if (some.isEmpty()) {
                wanted.remove(mailbox.key());
            } else {
                some.forEach(waiting::remove);
            }
            return some;
        }
    }

    private void fetch(Mailbox mailbox, List<RemoteId> ids) {
        var previews = provider.with(mailbox.accountId(), store -> store.previews(mailbox.remoteName(), ids));
        writes.run(mailbox.accountId(), () -> {
            var written = write(mailbox.key(), ids, previews);
            writes.tell(mailbox.accountId(), new IndexChange(mailbox.id(), List.of(), List.of(), written, List.of()));
        });
    }

    /** A message without words gets an empty preview, so that nobody asks again. */
    private List<Long> write(MailboxKey mailbox, List<RemoteId> ids, Map<RemoteId, String> previews) {
        return jdbc.sql("""
                        insert into message_preview as v (account_id, message_id, preview)
                        select p.account_id, p.message_id, t.text
                          from unnest(:ids::bigint[], :texts::text[]) as t (remote_id, text)
                          join message_place p on p.account_id = :account and p.mailbox_id = :mailbox
                                              and p.remote_id = t.remote_id
                        on conflict (account_id, message_id) do update set preview = excluded.preview
                                                            where v.preview <> excluded.preview
                        returning message_id
                        """)
                .param("ids", ids.stream().map(RemoteId::value).toArray(Long[]::new))
                .param(
                        "texts",
                        ids.stream()
                                .map(id -> Texts.storable(previews.getOrDefault(id, ""), 256))
                                .toArray(String[]::new))
                .param("account", mailbox.accountId())
                .param("mailbox", mailbox.id())
                .query(Long.class)
                .list();
    }
}
