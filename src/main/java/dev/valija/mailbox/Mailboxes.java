package dev.valija.mailbox;

import dev.valija.account.Access;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailboxRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** The users' mailboxes: seen from the index, which follows the providers. */
@Service
public class Mailboxes {
    private static final Logger log = LoggerFactory.getLogger(Mailboxes.class);

    private final Accesses accesses;
    private final MailboxTree tree;
    private final MailboxIndex index;
    private final Provider provider;
    private final Freshness freshness;
    private final Watching watching;

    Mailboxes(
            Accesses accesses,
            MailboxTree tree,
            MailboxIndex index,
            Provider provider,
            Freshness freshness,
            Watching watching) {
        this.accesses = accesses;
        this.tree = tree;
        this.index = index;
        this.provider = provider;
        this.freshness = freshness;
        this.watching = watching;
    }

    /**
     * All mailboxes of an account that the user may see, parents before children. Asks the provider only when it was never
     * asked.
     */
    public List<MailboxView> list(UserId user, long accountId) {
        var access = accesses.require(user, accountId);
        watching.keep(user);
        var views = views(tree.known(accountId), access);
        freshness.lookedAtTree(accountId);
        return views;
    }

    /**
     * The user's own mailbox of that id, for what is its owner's alone.
     *
     * @throws ProblemException not-found when there is none or it is another user's, shared or not
     */
    public Mailbox require(UserId user, MailboxKey key) {
        if (!accesses.require(user, key.accountId()).isOwner()) {
            throw ProblemException.notFound("mailbox");
        }
        return seen(user, key);
    }

    /**
     * The mailbox of that id.
     *
     * @throws ProblemException not-found when there is none that the user may see
     */
    Mailbox seen(UserId user, MailboxKey key) {
        var access = accesses.require(user, key.accountId());
        return index.find(key)
                .filter(mailbox -> access.sees(mailbox.id()))
                .orElseThrow(() -> ProblemException.notFound("mailbox"));
    }

    /** The mailbox of that role, for work in the background. Asks the provider only when it was never asked. */
    public Optional<Mailbox> byRole(long accountId, MailboxRole role) {
        return tree.known(accountId).stream().filter(m -> m.role() == role).findFirst();
    }

    /** Since when an account's mail may be out of date, because its provider cannot be reached; empty if it is not. */
    public Optional<Instant> staleSince(long accountId) {
        return provider.staleSince(accountId);
    }

    /** The user is there: their accounts are watched, until some time after the last call. Cheap; call it often. */
    public void keepWatching(UserId user) {
        watching.keep(user);
    }

    /**
     * Something was changed at the provider through us. The index follows before this returns; where the provider cannot
     * be asked, the watch on the account finds the news later.
     */
    public void changed(MailboxKey key) {
        try {
            freshness.refresh(key);
        } catch (ProblemException e) {
            log.info("the index of mailbox {} follows later: {}", key, e.problem());
        }
    }

    /** The mailbox as the index has it, for work in the background. */
    public Optional<Mailbox> find(MailboxKey key) {
        return index.find(key);
    }

    /** The mailbox of that name at the provider, for work in the background. */
    public Optional<Mailbox> byName(long accountId, String remoteName) {
        return index.byName(accountId, remoteName);
    }

    /**
     * Brings the index of a mailbox up to date.
     *
     * @return whether it has all messages now; where not, they are being read
     * @throws ProblemException when the provider cannot be asked
     */
    public boolean caughtUp(MailboxKey key) {
        freshness.refresh(key);
        return index.find(key).filter(Mailbox::complete).isPresent();
    }

    /** Brings the index of all mailboxes of an account up to date, and their list. */
    public void catchUp(long accountId) {
        freshness.catchUp(accountId);
    }

    MailboxView view(UserId user, MailboxKey key) {
        return views(index.list(key.accountId()), accesses.require(user, key.accountId())).stream()
                .filter(view -> view.id().equals(key.toString()))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("mailbox"));
    }

    private static List<MailboxView> views(List<Mailbox> mailboxes, Access access) {
        var paths = new HashMap<Long, List<String>>();
        var parents = new HashSet<Long>();
        for (var mailbox : mailboxes) {
            var path = new ArrayList<String>();
            if (mailbox.parentId() != null) {
                parents.add(mailbox.parentId());
            }
            if (mailbox.parentId() != null && access.sees(mailbox.parentId())) {
                path.addAll(paths.getOrDefault(mailbox.parentId(), List.of()));
            }
            path.add(mailbox.name());
            paths.put(mailbox.id(), List.copyOf(path));
        }
        return mailboxes.stream()
                .filter(m -> access.sees(m.id()))
                .map(m -> MailboxView.of(m, paths.getOrDefault(m.id(), List.of()), parents.contains(m.id()), access))
                .toList();
    }
}
