package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.mailbox.BulkRequests.Chosen;
import dev.valija.mailbox.BulkRequests.KeywordChange;
import dev.valija.mailbox.BulkResult.Failure;
import dev.valija.message.Keyword;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.SortOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Finds the messages that a request means, and where they are. */
@Repository
class Selections {
    private static final int MOST = 1_000_000;

    private final JdbcClient jdbc;
    private final Accesses accesses;
    private final Mailboxes mailboxes;
    private final Freshness freshness;
    private final Provider provider;

    Selections(JdbcClient jdbc, Accesses accesses, Mailboxes mailboxes, Freshness freshness, Provider provider) {
        this.jdbc = jdbc;
        this.accesses = accesses;
        this.mailboxes = mailboxes;
        this.freshness = freshness;
        this.provider = provider;
    }

    /** What was found, by mailbox, and what was not. */
    record Found(List<Selected> groups, List<Failure> failed) {}

    /** @param least that the user must be allowed where they are */
    Found find(UserId user, Chosen chosen, AccessRole least) {
        return switch (chosen) {
            case Chosen.Ids ids -> byIds(user, ids.ids(), least);
            case Chosen.All all -> {
                accesses.require(user, all.mailbox().accountId())
                        .require(least, all.mailbox().id());
                yield new Found(List.of(all(user, all)), List.of());
            }
        };
    }

    /** The names of the messages in these places, as far as they are indexed. */
    List<String> keys(MailboxKey mailbox, Collection<RemoteId> places) {
        if (places.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select message_id from message_place
                         where account_id = ? and mailbox_id = ? and remote_id = any (?)
                        """)
                .param(mailbox.accountId())
                .param(mailbox.id())
                .param(places.stream().map(RemoteId::value).toArray(Long[]::new))
                .query((rs, n) -> new MessageKey(mailbox.accountId(), rs.getLong(1)).toString())
                .list();
    }

    /** Those that are marked as the change wants them. */
    Set<RemoteId> marked(Selected group, KeywordChange change) {
        return Set.copyOf(jdbc.sql("""
                        select remote_id from message_place
                         where account_id = :account and mailbox_id = :mailbox and remote_id = any (:ids)
                           and keywords @> :add::text[] and not keywords && :remove::text[]
                        """)
                .param("account", group.mailbox().accountId())
                .param("mailbox", group.mailbox().id())
                .param("ids", group.places().stream().map(RemoteId::value).toArray(Long[]::new))
                .param("add", change.add().stream().map(Keyword::value).toArray(String[]::new))
                .param("remove", change.remove().stream().map(Keyword::value).toArray(String[]::new))
                .query((rs, n) -> new RemoteId(rs.getLong(1)))
                .list());
    }

    private record Place(long id, long mailbox, @Nullable RemoteId remoteId) {}

    private Found byIds(UserId user, Collection<String> ids, AccessRole least) {
        var mine = accesses.of(user).stream().collect(Collectors.toMap(Access::accountId, access -> access));
        var failed = new ArrayList<Failure>();
        var wanted = new TreeMap<Long, Map<Long, String>>();
        for (var text : ids) {
            var key = parse(text);
            if (key == null || !mine.containsKey(key.accountId())) {
                failed.add(Failure.of(text, Problem.NOT_FOUND));
            } else {
                wanted.computeIfAbsent(key.accountId(), account -> new HashMap<>())
                        .put(key.id(), text);
            }
        }
        var groups = new ArrayList<Selected>();
        wanted.forEach((account, texts) -> {
            var places = places(account, texts.keySet());
            var byMailbox = new TreeMap<Long, Map<RemoteId, Long>>();
            var access = Objects.requireNonNull(mine.get(account));
            for (var place : places) {
                if (!access.sees(place.mailbox())) {
                    continue;
                }
                texts.remove(place.id());
                var remoteId = place.remoteId();
                if (!access.may(least, place.mailbox())) {
                    failed.add(Failure.of(new MessageKey(account, place.id()).toString(), Problem.FORBIDDEN));
                } else if (remoteId == null) {
                    failed.add(Failure.of(new MessageKey(account, place.id()).toString(), Problem.CONFLICT));
                } else {
                    byMailbox
                            .computeIfAbsent(place.mailbox(), mailbox -> new LinkedHashMap<>())
                            .put(remoteId, place.id());
                }
            }
            texts.values().forEach(text -> failed.add(Failure.of(text, Problem.NOT_FOUND)));
            byMailbox.forEach((mailbox, there) -> groups.add(new Selected(
                    mailboxes.seen(user, new MailboxKey(account, mailbox)),
                    List.copyOf(there.keySet()),
                    List.copyOf(there.values()))));
        });
        return new Found(groups, failed);
    }

    private static @Nullable MessageKey parse(String text) {
        try {
            return MessageKey.parse(text);
        } catch (ProblemException e) {
            return null;
        }
    }

    private List<Place> places(long account, Collection<Long> ids) {
        var places = read(account, ids);
        var lost = places.stream()
                .filter(place -> place.remoteId() == null)
                .map(Place::mailbox)
                .distinct()
                .toList();
        if (lost.isEmpty()) {
            return places;
        }
        // Moved by a provider that does not say where to: reading the mailbox again finds them.
        lost.forEach(mailbox -> freshness.refresh(new MailboxKey(account, mailbox)));
        return read(account, ids);
    }

    private List<Place> read(long account, Collection<Long> ids) {
        return jdbc.sql(
                        "select message_id as id, mailbox_id, remote_id from message_place where account_id = ? and message_id = any (?)")
                .param(account)
                .param(ids.toArray(Long[]::new))
                .query((rs, n) -> {
                    var remoteId = rs.getObject("remote_id", Long.class);
                    return new Place(
                            rs.getLong("id"),
                            rs.getLong("mailbox_id"),
                            remoteId == null ? null : new RemoteId(remoteId));
                })
                .list();
    }

    private Selected all(UserId user, Chosen.All all) {
        var mailbox = mailboxes.seen(user, all.mailbox());
        if (!mailbox.selectable()) {
            return new Selected(mailbox, List.of(), List.of());
        }
        var filter = all.filter();
        var ids = new ArrayList<Long>();
        var indexed = jdbc.sql(
                        "select m.id, m.remote_id from stored_message m where m.account_id = ? and m.mailbox_id = ?"
                                + " and m.remote_id is not null" + (filter == null ? "" : " and m." + filter.column()))
                .param(mailbox.accountId())
                .param(mailbox.id())
                .query((rs, n) -> {
                    ids.add(rs.getLong("id"));
                    return new RemoteId(rs.getLong("remote_id"));
                })
                .list();
        if (mailbox.complete() || filter == MessageFilter.ATTACHMENT) {
            return new Selected(mailbox, indexed, ids);
        }
        // The index does not have them all yet; the provider does.
        var places = provider.with(
                mailbox.accountId(),
                store -> store.search(
                        mailbox.remoteName(), filter == null ? null : filter.query(), SortOrder.NEWEST_FIRST, 0, MOST));
        return new Selected(mailbox, places.ids(), ids);
    }
}
