package dev.valija.account;

import dev.valija.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Who may do what in which account. What is shared is looked up each time, so that what is taken back is gone at once, on
 * every node.
 */
@Service
public class Accesses {
    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final ApplicationEventPublisher events;

    Accesses(JdbcClient jdbc, Accounts accounts, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.events = events;
    }

    /** What the user may do there. @throws ProblemException not-found when that is nothing, or there is no such account */
    public Access require(UserId user, long accountId) {
        return find(user, accountId).orElseThrow(() -> ProblemException.notFound("account"));
    }

    /** The same; empty when that is nothing. */
    public Optional<Access> find(UserId user, long accountId) {
        if (owns(user, accountId)) {
            return Optional.of(Access.ofOwner(user, accountId));
        }
        return grants("s.member_id = ? and s.account_id = ?", user.value(), accountId).stream()
                .findFirst();
    }

    private boolean owns(UserId user, long accountId) {
        try {
            return user.equals(accounts.owner(accountId));
        } catch (ProblemException gone) {
            return false;
        }
    }

    /** All that the user may do anything in: their own accounts, in their order, then those of others. */
    public List<Access> of(UserId user) {
        return Stream.concat(
                        accounts.of(user).stream().map(account -> Access.ofOwner(user, account.id())),
                        shared(user).stream())
                .toList();
    }

    /** What others share with the user. */
    public List<Access> shared(UserId user) {
        return grants("s.member_id = ?", user.value());
    }

    /** What has become of these meanwhile: what is over is not among them. */
    public List<Access> now(List<Access> earlier) {
        return earlier.stream()
                .flatMap(access ->
                        access.isOwner() ? Stream.of(access) : find(access.user(), access.accountId()).stream())
                .toList();
    }

    /** Those with whom something in the account is shared. */
    public List<Access> members(long accountId) {
        return grants("s.account_id = ?", accountId);
    }

    /** A member is about to do something to so many messages; see {@link MemberActs}. The owner's doings are nobody's matter. */
    public void tell(Access access, AccessAction action, @Nullable Long mailbox, int count) {
        if (!access.isOwner()) {
            events.publishEvent(new MemberActs(access, action, mailbox, null, count));
        }
    }

    /** A member is about to do something with that message; see {@link #tell}. */
    public void tellOfMessage(Access access, AccessAction action, long mailbox, long message) {
        if (!access.isOwner()) {
            events.publishEvent(new MemberActs(access, action, mailbox, message, 1));
        }
    }

    private record Grant(
            long account, long owner, long member, @Nullable Long mailbox, AccessRole role, String address) {}

    private record Key(long member, long account) {}

    /** A mailbox is shared by its name: that outlives the index. As long as there is none of that name it is nothing. */
    private List<Access> grants(String which, Object... parameters) {
        var grants = new LinkedHashMap<Key, List<Grant>>();
        jdbc.sql("""
                        select s.account_id, a.user_id, s.member_id, b.id, s.role, s.address
                          from share s
                          join account a on a.id = s.account_id
                          left join mailbox b on b.account_id = s.account_id and b.remote_name = s.remote_name
                         where s.state = 'accepted' and (s.remote_name is null or b.id is not null) and %s
                         order by s.member_id, s.account_id, s.id
                        """.formatted(which))
                .params(parameters)
                .query((rs, n) -> new Grant(
                        rs.getLong(1),
                        rs.getLong(2),
                        rs.getLong(3),
                        rs.getObject(4, Long.class),
                        AccessRole.valueOf(rs.getString(5)),
                        rs.getString(6)))
                .list()
                .forEach(grant -> grants.computeIfAbsent(
                                new Key(grant.member(), grant.account()), key -> new ArrayList<>())
                        .add(grant));
        return grants.values().stream().map(Accesses::access).toList();
    }

    private static Access access(List<Grant> grants) {
        var one = grants.getFirst();
        AccessRole everywhere = null;
        var mailboxes = new HashMap<Long, AccessRole>();
        for (var grant : grants) {
            if (grant.mailbox() == null) {
                everywhere = grant.role();
            } else {
                mailboxes.put(grant.mailbox(), grant.role());
            }
        }
        return new Access(
                new UserId(one.member()), new UserId(one.owner()), one.account(), everywhere, mailboxes, one.address());
    }
}
