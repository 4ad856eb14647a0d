package dev.valija.sharing;

import dev.valija.account.AccessAction;
import dev.valija.account.Accounts;
import dev.valija.account.MemberActs;
import dev.valija.account.UserId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/** The table access_log: what others did in an account, for its owner. */
@Repository
class AccessLog {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

    private final JdbcClient jdbc;
    private final Accounts accounts;

    AccessLog(JdbcClient jdbc, Accounts accounts) {
        this.jdbc = jdbc;
        this.accounts = accounts;
    }

    /**
     * What somebody did.
     *
     * @param who the address
     * @param whom the address of whoever was invited, or may do more or less now
     * @param messages how many it was asked for
     */
    record Entry(
            long id,
            Instant at,
            String who,
            AccessAction action,
            @Nullable String whom,
            @Nullable Long mailbox,
            @Nullable Long message,
            int messages) {}

    /** Of a message only the first opening is kept. */
    @EventListener
    void on(MemberActs event) {
        var access = event.access();
        insert(
                access.user(),
                Objects.requireNonNull(access.address()),
                new Done(access.accountId(), event.action(), null, event.mailbox(), event.message(), event.count()));
    }

    /** What the owner did to a share. */
    void ofOwner(Share share, AccessAction action) {
        var account = share.key().accountId();
        var owner = accounts.owner(account);
        insert(
                owner,
                accounts.of(owner).getFirst().address(),
                new Done(account, action, share.address(), share.mailboxId(), null, 0));
    }

    /** What became of a share by whoever it is for. */
    void ofMember(UserId member, Share share, AccessAction action) {
        insert(member, share.address(), new Done(share.key().accountId(), action, null, share.mailboxId(), null, 0));
    }

    private record Done(
            long account,
            AccessAction action,
            @Nullable String whom,
            @Nullable Long mailbox,
            @Nullable Long message,
            int messages) {}

    private void insert(UserId user, String who, Done done) {
        jdbc.sql("""
                        insert into access_log (account_id, who, user_id, action, whom, mailbox_id, message_id, messages)
                        values (:account, :who, :user, :action, :whom, :mailbox, :message, :messages) on conflict do nothing
                        """)
                .param("account", done.account())
                .param("who", who)
                .param("user", user.value())
                .param("action", done.action().name())
                .param("whom", done.whom())
                .param("mailbox", done.mailbox())
                .param("message", done.message())
                .param("messages", done.messages())
                .update();
    }

    /** Newest first, those older than that one. */
    List<Entry> page(long accountId, long before, int limit) {
        return jdbc.sql("""
                        select id, at, who, action, whom, mailbox_id, message_id, messages
                          from access_log where account_id = ? and id < ? order by id desc limit ?
                        """)
                .param(accountId)
                .param(before)
                .param(limit)
                .query((rs, n) -> new Entry(
                        rs.getLong(1),
                        rs.getObject(2, OffsetDateTime.class).toInstant(),
                        rs.getString(3),
                        AccessAction.valueOf(rs.getString(4)),
                        rs.getString(5),
                        rs.getObject(6, Long.class),
                        rs.getObject(7, Long.class),
                        rs.getInt(8)))
                .list();
    }

    @Scheduled(initialDelay = 20, fixedDelay = 24 * 60, timeUnit = TimeUnit.MINUTES)
    void trim() {
        try {
            jdbc.sql("delete from access_log where at < now() - interval '1 year'")
                    .update();
            jdbc.sql("delete from presence where until < now()").update();
        } catch (DataAccessException e) {
            log.warn("The log of shared accounts could not be trimmed; trying again tomorrow");
        }
    }
}
