package dev.valija.sharing;

import dev.valija.account.AccessRole;
import dev.valija.account.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table share, as it is made and answered. What follows from it is {@link dev.valija.account.Accesses}' matter. */
@Repository
class ShareRows {
    private static final String COLUMNS =
            "s.account_id, s.id, s.mailbox_id, s.address, s.member_id, s.role, s.state, s.invited_at";

    /**
     * Invitations and whom they are for: whoever has proven to be the owner of that address, to the server that the shared
     * account is at, or to one where the account's owner has an address of that domain. Others could vouch for anything.
     */
    private static final String INVITED = """
             from share s
             join account a on a.id = s.account_id
             join account o on o.user_id = a.user_id
              and (o.id = a.id or lower(split_part(o.address, '@', 2)) = split_part(s.address, '@', 2))
             join account mine on mine.user_id <> a.user_id
              and lower(mine.store_host) = lower(o.store_host) and mine.store_port = o.store_port
              and s.address = lower(case when position('@' in mine.login_name) > 0 then mine.login_name
                                         else mine.login_name || '@' || split_part(o.address, '@', 2) end)
            where s.state = 'invited'
            """;

    private final JdbcClient jdbc;

    ShareRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Share> of(long accountId) {
        return jdbc.sql("select " + COLUMNS + " from share s where account_id = ? order by id")
                .param(accountId)
                .query((rs, n) -> share(rs))
                .list();
    }

    Optional<Share> find(ShareKey key) {
        return jdbc.sql("select " + COLUMNS + " from share s where account_id = ? and id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> share(rs))
                .optional();
    }

    /** A share as those see it with whom it is shared. */
    record Received(
            Share share,
            String accountAddress,
            String owner,
            @Nullable String mailboxName) {}

    /** What the user is invited to, and what they have accepted. */
    List<Received> received(UserId user) {
        return jdbc.sql("""
                        select %s, a.address as account_address, first.address as owner, b.name as mailbox_name
                          from (select s.* from share s where s.member_id = :user and s.state = 'accepted'
                                 union
                                select s.* %s and mine.user_id = :user) s
                          join account a on a.id = s.account_id
                          join account first on first.user_id = a.user_id and first.first
                          left join mailbox b on b.account_id = s.account_id and b.id = s.mailbox_id
                         order by s.state = 'accepted', s.invited_at, s.account_id, s.id
                        """.formatted(COLUMNS, INVITED))
                .param("user", user.value())
                .query((rs, n) -> new Received(
                        share(rs),
                        rs.getString("account_address"),
                        rs.getString("owner"),
                        rs.getString("mailbox_name")))
                .list();
    }

    /** Who sees an invitation. */
    List<UserId> invited(ShareKey key) {
        return jdbc.sql("select distinct mine.user_id " + INVITED + " and s.account_id = ? and s.id = ?")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> new UserId(rs.getLong(1)))
                .list();
    }

    /** Invites; whoever has declined is invited anew. Empty where somebody of that address is invited or a member. */
    Optional<ShareKey> invite(long accountId, @Nullable Long mailbox, String address, AccessRole role) {
        return jdbc.sql("""
                        insert into share (account_id, mailbox_id, address, role)
                        values (:account, :mailbox, :address, :role)
                        on conflict (account_id, mailbox_id, address) do update
                           set role = excluded.role, state = 'invited', member_id = null, invited_at = now()
                         where share.state = 'declined'
                        returning id
                        """)
                .param("account", accountId)
                .param("mailbox", mailbox)
                .param("address", address)
                .param("role", role.name())
                .query(Long.class)
                .optional()
                .map(id -> new ShareKey(accountId, id));
    }

    boolean role(ShareKey key, AccessRole role) {
        return jdbc.sql("update share set role = ? where account_id = ? and id = ?")
                        .param(role.name())
                        .param(key.accountId())
                        .param(key.id())
                        .update()
                > 0;
    }

    /** Answers an invitation, unless somebody has. The member's share of the same, by another address, is replaced. */
    boolean answer(ShareKey key, UserId member, Share.State state) {
        jdbc.sql("""
                        delete from share old using share s
                         where s.account_id = :account and s.id = :id and old.account_id = s.account_id
                           and old.mailbox_id is not distinct from s.mailbox_id and old.id <> s.id
                           and old.member_id = :member
                        """)
                .param("account", key.accountId())
                .param("id", key.id())
                .param("member", member.value())
                .update();
        return jdbc.sql("""
                        update share set state = :state, member_id = :member
                         where account_id = :account and id = :id and state = 'invited'
                        """)
                        .param("state", state.name().toLowerCase(Locale.ROOT))
                        .param("member", member.value())
                        .param("account", key.accountId())
                        .param("id", key.id())
                        .update()
                > 0;
    }

    boolean delete(ShareKey key) {
        return jdbc.sql("delete from share where account_id = ? and id = ?")
                        .param(key.accountId())
                        .param(key.id())
                        .update()
                > 0;
    }

    int lockAndCount(long accountId) {
        jdbc.sql("select id from account where id = ? for update")
                .param(accountId)
                .query(Long.class)
                .optional();
        return jdbc.sql("select count(*) from share where account_id = ?")
                .param(accountId)
                .query(Integer.class)
                .single();
    }

    private static Share share(ResultSet rs) throws SQLException {
        var member = rs.getObject("member_id", Long.class);
        return new Share(
                new ShareKey(rs.getLong("account_id"), rs.getLong("id")),
                rs.getObject("mailbox_id", Long.class),
                rs.getString("address"),
                member == null ? null : new UserId(member),
                AccessRole.valueOf(rs.getString("role")),
                Share.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
                rs.getObject("invited_at", OffsetDateTime.class).toInstant());
    }
}
