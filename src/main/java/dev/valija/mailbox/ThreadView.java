package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.mailbox.ThreadMembers.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A thread, as the API shows it.
 *
 * @param items its messages in all mailboxes, oldest first
 * @param links why they are together; none for a message to which only others are linked
 */
record ThreadView(String id, List<MessageSummary> items, List<Link> links) {

    /**
     * Why a message is in the thread.
     *
     * @param reason references, inReplyTo, subject or user
     * @param to the message it is linked to, or null when that one is not there
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Link(String id, String reason, @Nullable String to) {}

    static ThreadView of(
            ThreadKey key,
            List<MessageSummary> items,
            List<Member> members,
            List<ThreadLinks.Link> known,
            ThreadNames names) {
        var byMessageId = new HashMap<String, String>();
        for (var member : members) {
            var own = member.links().messageId();
            if (own != null) {
                byMessageId.putIfAbsent(own, id(key, member));
            }
        }
        var linked = new HashMap<String, ThreadLinks.Link>();
        known.stream()
                .filter(link -> link.reason() != ThreadLinks.Reason.SPLIT)
                .forEach(link -> linked.put(link.messageId(), link));
        var links = new ArrayList<Link>();
        var named = new HashSet<String>();
        for (var member : members) {
            var link = link(key, member, byMessageId, linked, names, named);
            if (link != null) {
                links.add(link);
            }
            named.addAll(names.references(member.links()));
        }
        return new ThreadView(key.toString(), items, links);
    }

    private static @Nullable Link link(
            ThreadKey key,
            Member member,
            Map<String, String> byMessageId,
            Map<String, ThreadLinks.Link> linked,
            ThreadNames names,
            java.util.Set<String> named) {
        var id = id(key, member);
        var references = names.references(member.links());
        for (var reference : references.reversed()) {
            var to = byMessageId.get(reference);
            if (to != null && !to.equals(id)) {
                return new Link(id, header(member, reference), to);
            }
        }
        var own = member.links().messageId();
        var other = own == null ? null : linked.get(own);
        if (other != null) {
            var reason = other.reason() == ThreadLinks.Reason.JOIN ? "user" : "subject";
            return new Link(id, reason, byMessageId.get(other.linkedTo()));
        }
        // Two answers to one that is not there.
        return references.reversed().stream()
                .filter(named::contains)
                .findFirst()
                .map(reference -> new Link(id, header(member, reference), null))
                .orElse(null);
    }

    private static String header(Member member, String reference) {
        return member.envelope().references().stream()
                        .anyMatch(id -> Texts.idKey(id).equals(reference))
                ? "references"
                : "inReplyTo";
    }

    private static String id(ThreadKey key, Member member) {
        return new MessageKey(key.accountId(), member.id()).toString();
    }
}
