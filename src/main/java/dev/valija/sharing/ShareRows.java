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
            "s.account_id, s.id, s.remote_name, b.id as mailbox_id, b.name as mailbox_name, s.address, s.member_id, s.role, s.state, s.invited_at";

    /**
     * Invitations and whom they are for: whoever has proven to be the owner of that address, to the server that the shared
     * account is at, or to one where the account's owner has an address of that domain. Others could vouch for anything.
     */
    private static final String INVITED = """
             from share s
             join account a on a.id = s.account_id
             join account o on o.user_id = a.user_id
              and (o.id = a.id or lower(split_part(o.address, '@', 2)) = split_part(s.address, '@', 2))
             join account mine on mine.user_id <> a.user_id and not mine.credentials_rejected
              and lower(mine.store_host) = lower(o.store_host) and mine.store_port = o.store_port
              and s.address = lower(case when position('@' in mine.login_name) > 0 then mine.login_name
                                         else mine.login_name || '@' || split_part(o.address, '@', 2) end)
              and (position('@' in mine.login_name) > 0
                   or lower(split_part(mine.address, '@', 2)) = lower(split_part(o.address, '@', 2)))
            where s.state = 'invited'
            """;

    private static final String MAILBOX =
            " left join mailbox b on b.account_id = s.account_id and b.remote_name = s.remote_name ";

    private final JdbcClient jdbc;

    ShareRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Share> of(long accountId) {
        return jdbc.sql("select " + COLUMNS + " from share s" + MAILBOX + "where s.account_id = ? order by s.id")
                .param(accountId)
                .query((rs, n) -> share(rs))
                .list();
    }

    /** As it is, and stays until the end of the transaction. */
    Optional<Share> lock(ShareKey key) {
        return jdbc.sql("select " + COLUMNS + " from share s" + MAILBOX
                        + "where s.account_id = ? and s.id = ? for update of s")
                .param(key.accountId())
                .param(key.id())
                .query((rs, n) -> share(rs))
                .optional();
    }

    /** A share as those see it with whom it is shared. */
    record Received(Share share, String accountAddress, String owner) {}

    /** What the user is invited to, and what they have accepted. */
    List<Received> received(UserId user) {
        return jdbc.sql("""
                        select %s, a.address as account_address,
                               case when position('@' in first.login_name) > 0 then first.login_name
                                    else first.login_name || '@' || first.store_host end as owner
                          from (select s.* from share s where s.member_id = :user and s.state = 'accepted'
                                 union
                                select s.* %s and mine.user_id = :user) s
                          join account a on a.id = s.account_id
                          join account first on first.user_id = a.user_id and first.first
                         %s
                         where s.remote_name is null or b.id is not null
                         order by s.state = 'accepted', s.invited_at, s.account_id, s.id
                        """.formatted(COLUMNS, INVITED, MAILBOX))
                .param("user", user.value())
                .query((rs, n) -> new Received(share(rs), rs.getString("account_address"), rs.getString("owner")))
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
    Optional<ShareKey> invite(long accountId, @Nullable String remoteName, String address, AccessRole role) {
        return jdbc.sql("""
                        insert into share (account_id, remote_name, address, role)
                        values (:account, :mailbox, :address, :role)
                        on conflict (account_id, remote_name, address) do update
                           set role = excluded.role, state = 'invited', member_id = null, invited_at = now()
                         where share.state = 'declined'
                        returning id
                        """)
                .param("account", accountId)
                .param("mailbox", remoteName)
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

    /** Answers an invitation, unless somebody has. */
    boolean answer(ShareKey key, UserId member, Share.State state) {
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

    /** A share of the same that a member has by another address goes, in favour of this one. */
    void replaceOthers(ShareKey key, UserId member) {
        jdbc.sql("""
                        delete from share old using share s
                         where s.account_id = :account and s.id = :id and old.account_id = s.account_id
                           and old.remote_name is not distinct from s.remote_name and old.id <> s.id
                           and old.member_id = :member
                        """)
                .param("account", key.accountId())
                .param("id", key.id())
                .param("member", member.value())
                .update();
    }

    /** A mailbox has another name, and so have those within it. */
    void rename(long accountId, String from, String to, @Nullable String separator) {
        jdbc.sql("""
                        update share set remote_name = :to || substr(remote_name, length(:from) + 1)
                         where account_id = :account
                           and (remote_name = :from or starts_with(remote_name, :from || :separator))
                        """)
                .param("to", to)
                .param("from", from)
                .param("account", accountId)
                .param("separator", separator)
                .update();
    }

    boolean delete(ShareKey key) {
        return jdbc.sql("delete from share where account_id = ? and id = ?")
                        .param(key.accountId())
                        .param(key.id())
                        .update()
                > 0;
    }

    int lockAndCount(long accountId) {
        jdbc.sql("select id from account where id = ? for no key update")
                .param(accountId)
                .query(Long.class)
                .optional();
        return jdbc.sql("select count(*) from share where account_id = ?")
                .param(accountId)
                .query(Integer.class)
                .single();
    }

    private static Share.@Nullable SharedMailbox mailbox(ResultSet rs) throws SQLException {
        var remoteName = rs.getString("remote_name");
        return remoteName == null
                ? null
                : new Share.SharedMailbox(
                        remoteName, rs.getObject("mailbox_id", Long.class), rs.getString("mailbox_name"));
    }

    private static Share share(ResultSet rs) throws SQLException {
        var member = rs.getObject("member_id", Long.class);
        return new Share(
                new ShareKey(rs.getLong("account_id"), rs.getLong("id")),
                mailbox(rs),
                rs.getString("address"),
                member == null ? null : new UserId(member),
                AccessRole.valueOf(rs.getString("role")),
                Share.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
                rs.getObject("invited_at", OffsetDateTime.class).toInstant());
    }
}
