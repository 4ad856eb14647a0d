package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.account.AccessAction;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.mailbox.ThreadLinks.Link;
import dev.valija.mailbox.ThreadLinks.Reason;
import dev.valija.mailbox.ThreadMembers.Member;
import dev.valija.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/**
 * Splits and joins threads as users wish. What they said is kept by Message-ID and comes before all that messages say
 * of themselves.
 */
@Service
class Threads {
    static final int LONGEST = 2_000;

    private final Accesses accesses;
    private final IndexWrites writes;
    private final ThreadMembers members;
    private final ThreadLinks links;
    private final ThreadIndex index;

    Threads(Accesses accesses, IndexWrites writes, ThreadMembers members, ThreadLinks links, ThreadIndex index) {
        this.accesses = accesses;
        this.writes = writes;
        this.members = members;
        this.links = links;
        this.index = index;
    }

    /**
     * Makes a thread of its own of messages and what follows from them.
     *
     * @return the new thread
     * @throws ProblemException invalid-request when they are not of that thread, are all of it, or cannot be named
     */
    ThreadKey split(UserId user, ThreadKey thread, List<String> ids) {
        requireAccess(user, thread);
        return writes.in(thread.accountId(), () -> {
            var all = require(thread);
            var chosen = chosen(thread, all, ids);
            var following = following(all, chosen);
            if (following.size() == all.size()) {
                throw ProblemException.invalid("/ids", "is the whole thread");
            }
            cut(thread.accountId(), all, chosen, following);
            index.regroup(thread.accountId(), List.of(thread.id()));
            return told(thread.accountId(), all, chosen.getFirst());
        });
    }

    /**
     * Makes one thread of two, for good: answers to either come into it.
     *
     * @return the thread they are now
     * @throws ProblemException invalid-request when one cannot be named: none of its messages has a Message-ID
     */
    ThreadKey join(UserId user, ThreadKey thread, ThreadKey other) {
        if (thread.accountId() != other.accountId()) {
            accesses.require(user, thread.accountId());
            throw ProblemException.notFound("thread");
        }
        requireAccess(user, thread);
        return writes.in(thread.accountId(), () -> {
            var some = require(thread);
            var others = require(other);
            if (thread.equals(other)) {
                return thread;
            }
            long account = thread.accountId();
            unsplit(account, some, others);
            var all = Stream.concat(some.stream(), others.stream()).toList();
            index.assign(account, all.stream().map(Member::links).toList());
            if (members
                            .threads(
                                    account,
                                    List.of(
                                            some.getFirst().id(),
                                            others.getFirst().id()))
                            .values()
                            .stream()
                            .distinct()
                            .count()
                    > 1) {
                links.add(account, Link.join(name(others, "/threadId"), name(some, "")));
                index.assign(account, all.stream().map(Member::links).toList());
            }
            return told(account, all, some.getFirst());
        });
    }

    /** Threads go through all mailboxes. */
    private void requireAccess(UserId user, ThreadKey thread) {
        var access = accesses.require(user, thread.accountId());
        access.requireEverywhere(AccessRole.TRIAGE);
        accesses.tell(access, AccessAction.THREAD_CHANGED, null, 0);
    }

    /** With the reasons for which these messages are one thread; of what cannot be seen nothing is told. */
    ThreadView view(Access access, ThreadKey thread, List<MessageSummary> items) {
        long account = thread.accountId();
        int most = access.isWhole() ? items.size() : LONGEST;
        var all = members.of(account, thread.id(), most).stream()
                .filter(member -> access.sees(member.mailbox()))
                .toList();
        var names = index.read(account, all.stream().map(Member::links).toList());
        return ThreadView.of(thread, items, all, links.from(account, ids(all)), names);
    }

    private List<Member> require(ThreadKey thread) {
        var all = members.of(thread.accountId(), thread.id());
        if (all.isEmpty()) {
            throw ProblemException.notFound("thread");
        }
        return all;
    }

    private static List<Member> chosen(ThreadKey thread, List<Member> all, List<String> ids) {
        var byId = new HashMap<String, Member>();
        all.forEach(member -> byId.put(new MessageKey(thread.accountId(), member.id()).toString(), member));
        var chosen = new ArrayList<Member>();
        for (int i = 0; i < ids.size(); i++) {
            var member = byId.get(ids.get(i));
            if (member == null) {
                throw ProblemException.invalid("/ids/" + i, "is not a message of this thread");
            }
            if (member.links().messageId() == null) {
                throw ProblemException.invalid("/ids/" + i, "has no Message-ID by which this could be remembered");
            }
            chosen.add(member);
        }
        return chosen;
    }

    /** Those messages, their copies, and all that refer to them. */
    private static Set<Member> following(List<Member> all, List<Member> chosen) {
        var following = new LinkedHashSet<>(chosen);
        var ids = ids(following);
        for (boolean more = true; more; ) {
            more = false;
            for (var member : all) {
                if (!following.contains(member)
                        && member.links().named().stream().anyMatch(ids::contains)) {
                    following.add(member);
                    var own = member.links().messageId();
                    more |= own != null && ids.add(own);
                }
            }
        }
        return following;
    }

    private static Set<String> ids(Collection<Member> members) {
        return members.stream()
                .map(member -> member.links().messageId())
                .flatMap(Stream::ofNullable)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void cut(long account, List<Member> all, List<Member> chosen, Set<Member> following) {
        var inside = ids(following);
        for (var link : links.around(account, ids(all))) {
            boolean across = inside.contains(link.messageId()) != inside.contains(link.linkedTo());
            if (link.reason() != Reason.SPLIT && across) {
                links.remove(account, link);
            }
        }
        var first = name(chosen.getFirst());
        var roots = ids(chosen);
        roots.forEach(id -> links.add(account, Link.split(id)));
        roots.stream().filter(id -> !id.equals(first)).forEach(id -> links.add(account, Link.join(id, first)));
        // What also refers, past the messages split off, to what stays would hold the two together.
        var outside = all.stream()
                .filter(member -> !following.contains(member))
                .flatMap(member -> member.links().named().stream())
                .collect(Collectors.toSet());
        var names = index.names(account, following.stream().map(Member::links).toList());
        for (var member : following) {
            var own = member.links().messageId();
            if (own != null
                    && !roots.contains(own)
                    && names.references(member.links()).stream().anyMatch(outside::contains)) {
                links.add(account, Link.split(own));
                links.add(account, Link.join(own, first));
            }
        }
    }

    /** Forgets the splits that part these. */
    private void unsplit(long account, List<Member> some, List<Member> others) {
        unsplitFrom(account, some, others);
        unsplitFrom(account, others, some);
    }

    private void unsplitFrom(long account, List<Member> those, List<Member> from) {
        var named =
                from.stream().flatMap(member -> member.links().named().stream()).collect(Collectors.toSet());
        var parted = those.stream()
                .filter(member -> member.links().references().stream().anyMatch(named::contains))
                .toList();
        links.from(account, ids(parted)).stream()
                .filter(link -> link.reason() == Reason.SPLIT)
                .forEach(link -> links.remove(account, link));
    }

    private static String name(List<Member> thread, String pointer) {
        return thread.stream()
                .map(member -> member.links().messageId())
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        pointer, "has no message with a Message-ID by which this could be remembered"));
    }

    private static String name(Member member) {
        return name(List.of(member), "/ids");
    }

    /** Tells of the messages that are in another thread than before. @return the thread of that message */
    private ThreadKey told(long account, List<Member> before, Member shown) {
        var now = members.threads(account, before.stream().map(Member::id).toList());
        var changed = new TreeMap<Long, List<Long>>();
        for (var member : before) {
            if (thread(now, member) != member.thread()) {
                changed.computeIfAbsent(member.mailbox(), m -> new ArrayList<>())
                        .add(member.id());
            }
        }
        changed.forEach((mailbox, ids) -> writes.tell(account, IndexChange.of(mailbox, List.of(), ids, List.of())));
        return new ThreadKey(account, thread(now, shown));
    }

    private static long thread(Map<Long, Long> threads, Member member) {
        Long thread = threads.get(member.id());
        if (thread == null) {
            throw ProblemException.notFound("thread");
        }
        return thread;
    }
}
