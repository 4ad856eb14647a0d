package dev.valija.sharing;

import dev.valija.account.Access;
import dev.valija.account.AccessAction;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxEnded;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MailboxRenamed;
import dev.valija.mailbox.Mailboxes;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.sharing.ShareRows.Received;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** What owners share with others, by invitation; it is theirs alone to give and to take back. */
@Service
class Shares {
    private static final int MOST = 100;

    private final Accounts accounts;
    private final Accesses accesses;
    private final Mailboxes mailboxes;
    private final ShareRows rows;
    private final AccessLog log;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    Shares(
            Accounts accounts,
            Accesses accesses,
            Mailboxes mailboxes,
            ShareRows rows,
            AccessLog log,
            TransactionTemplate transaction,
            ApplicationEventPublisher events) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.mailboxes = mailboxes;
        this.rows = rows;
        this.log = log;
        this.transaction = transaction;
        this.events = events;
    }

    List<Share> of(UserId owner, long accountId) {
        accounts.require(owner, accountId);
        return rows.of(accountId);
    }

    /**
     * Invites somebody.
     *
     * @param mailbox null for all of the account
     * @throws ProblemException already-exists; invalid-request for an address of the owner's own or a mailbox that there is
     *     not; operation-not-supported beyond the limit
     */
    Share invite(UserId owner, long accountId, @Nullable MailboxKey mailbox, String address, AccessRole role) {
        accounts.require(owner, accountId);
        var who = address.toLowerCase(Locale.ROOT);
        if (accounts.addresses(owner).contains(who)) {
            throw ProblemException.invalid("/address", "This is an address of your own.");
        }
        var shared = mailbox == null ? null : mailbox(owner, accountId, mailbox);
        return in(() -> {
            if (rows.lockAndCount(accountId) >= MOST) {
                throw new ProblemException(
                        Problem.OPERATION_NOT_SUPPORTED, "An account is shared " + MOST + " times at most.");
            }
            var key = rows.invite(accountId, shared == null ? null : shared.remoteName(), who, role)
                    .orElseThrow(() -> new ProblemException(
                            Problem.ALREADY_EXISTS,
                            "This address is invited to that already; change its role instead."));
            var made = require(key);
            log.ofOwner(made, AccessAction.INVITED);
            tell(made);
            return made;
        });
    }

    private Mailbox mailbox(UserId owner, long accountId, MailboxKey key) {
        if (key.accountId() != accountId) {
            throw ProblemException.invalid("/mailboxId", "The mailbox must be of this account.");
        }
        try {
            return mailboxes.require(owner, key);
        } catch (ProblemException e) {
            throw ProblemException.invalid("/mailboxId", "There is no such mailbox.");
        }
    }

    /** @throws ProblemException not-found */
    Share change(UserId owner, ShareKey key, AccessRole role) {
        accounts.require(owner, key.accountId());
        return in(() -> {
            var before = require(key);
            rows.role(key, role);
            log.ofOwner(before, AccessAction.ROLE_CHANGED);
            tell(before);
            return require(key);
        });
    }

    /** Takes it back; from the end of the transaction on the member is a stranger. @throws ProblemException not-found */
    void revoke(UserId owner, ShareKey key) {
        accounts.require(owner, key.accountId());
        in(() -> {
            var gone = require(key);
            tell(gone);
            rows.delete(key);
            log.ofOwner(gone, AccessAction.REVOKED);
            return gone;
        });
    }

    /** What the user is invited to, and has accepted. */
    List<Received> received(UserId user) {
        return rows.received(user);
    }

    /** @throws ProblemException not-found when the user is not invited to it, or has answered */
    Received answer(UserId user, ShareKey key, Share.State answer) {
        return in(() -> {
            var invitation = requireReceived(user, key);
            if (invitation.share().state() != answer) {
                boolean accepted = answer == Share.State.ACCEPTED;
                if (accepted) {
                    rows.replaceOthers(key, user);
                }
                if (!rows.answer(key, user, answer)) {
                    throw ShareKey.notFound();
                }
                log.ofMember(user, invitation.share(), accepted ? AccessAction.ACCEPTED : AccessAction.DECLINED);
                tell(require(key));
            }
            var now = require(key);
            return new Received(now, invitation.accountAddress(), invitation.owner());
        });
    }

    /** @throws ProblemException not-found when the user is no member by that share */
    void leave(UserId user, ShareKey key) {
        in(() -> {
            var gone = requireReceived(user, key).share();
            if (gone.state() != Share.State.ACCEPTED) {
                throw ShareKey.notFound();
            }
            tell(gone);
            rows.delete(key);
            log.ofMember(user, gone, AccessAction.LEFT);
            return gone;
        });
    }

    /** What is in it is nobody's any more. First of all who hear of it: the rows go with the account's. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void removing(AccountRemoved event) {
        var members =
                accesses.members(event.accountId()).stream().map(Access::user).collect(Collectors.toSet());
        if (!members.isEmpty()) {
            var concerned = new HashSet<>(members);
            concerned.add(event.user());
            events.publishEvent(new ShareChanged(event.accountId(), concerned, members));
        }
    }

    /** Within the transaction that renames it. What was shared by its new name was another. */
    @EventListener
    void renamed(MailboxRenamed event) {
        var within = event.separator() == null ? null : event.to() + event.separator();
        end(event.accountId(), name -> name.equals(event.to()) || (within != null && name.startsWith(within)));
        rows.rename(event.accountId(), event.from(), event.to(), event.separator());
    }

    @EventListener
    void ended(MailboxEnded event) {
        end(event.accountId(), event.remoteName()::equals);
    }

    private void end(long accountId, Predicate<String> remoteName) {
        for (var share : rows.of(accountId)) {
            var mailbox = share.mailbox();
            if (mailbox != null && remoteName.test(mailbox.remoteName())) {
                tell(share);
                rows.delete(share.key());
            }
        }
    }

    private Received requireReceived(UserId user, ShareKey key) {
        return rows.received(user).stream()
                .filter(received -> received.share().key().equals(key))
                .findFirst()
                .orElseThrow(ShareKey::notFound);
    }

    private Share require(ShareKey key) {
        return rows.lock(key).orElseThrow(ShareKey::notFound);
    }

    /** All whom it concerns: once, so that the lists of what is told to them are held together. */
    private void tell(Share share) {
        var accountId = share.key().accountId();
        var members = Optional.ofNullable(share.member()).map(Set::of).orElse(Set.of());
        var concerned = new HashSet<>(rows.invited(share.key()));
        concerned.add(accounts.owner(accountId));
        concerned.addAll(members);
        events.publishEvent(new ShareChanged(accountId, concerned, members));
    }

    private <T> T in(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
