package dev.valija.retention;

import dev.valija.account.Accounts;
import dev.valija.mailbox.Mailbox;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.Mailboxes;
import dev.valija.retention.Rule.SetBy;
import dev.valija.upstream.MailboxRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The users' rules, and the operator's where there is none. */
@Repository
class Rules {
    /** Those the operator may set rules for, and that users think of by what they are for, whatever their names. */
    private static final List<MailboxRole> WITH_ROLES = List.of(MailboxRole.INBOX, MailboxRole.TRASH, MailboxRole.JUNK);

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final Mailboxes mailboxes;
    private final RetentionProperties operator;

    Rules(JdbcClient jdbc, Accounts accounts, Mailboxes mailboxes, RetentionProperties operator) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.mailboxes = mailboxes;
        this.operator = operator;
    }

    /**
     * What a user has said.
     *
     * @param role that of the mailbox it was said of, where it is for whichever mailbox has that role
     * @param inboxId INBOX in the index that {@code mailboxId} is of
     */
    private record Own(
            long id,
            long mailboxId,
            @Nullable MailboxRole role,
            String remoteName,
            @Nullable Long inboxId,
            @Nullable Integer afterDays,
            boolean keepFlagged) {}

    /** One for each mailbox of the account of which somebody has said something. */
    List<Rule> of(long accountId) {
        var rules = new LinkedHashMap<MailboxKey, Rule>();
        if (operator.isSet()) {
            for (var role : WITH_ROLES) {
                mailboxes
                        .byRole(accountId, role)
                        .map(this::operators)
                        .filter(rule -> rule.setBy() != null)
                        .ifPresent(rule -> rules.put(rule.mailbox().key(), rule));
            }
        }
        for (var own : own(accountId)) {
            mailbox(accountId, own)
                    .filter(Rule::isFit)
                    .map(mailbox -> rule(mailbox, own))
                    .ifPresent(rule -> rules.put(rule.mailbox().key(), rule));
        }
        return new ArrayList<>(rules.values());
    }

    /** That of a mailbox, whether anybody has said something or not. */
    Rule of(Mailbox mailbox) {
        return own(mailbox.key().accountId()).stream()
                .filter(own -> mailbox(mailbox.key().accountId(), own)
                        .filter(named -> named.key().equals(mailbox.key()))
                        .isPresent())
                .findFirst()
                .map(own -> rule(mailbox, own))
                .orElseGet(() -> operators(mailbox));
    }

    /** In place of what was. Call it within a transaction. */
    void set(Mailbox mailbox, @Nullable Integer afterDays, boolean keepFlagged) {
        clear(mailbox);
        jdbc.sql("""
                        insert into retention_rule (account_id, mailbox_id, role, remote_name, inbox_id, after_days,
                               keep_flagged)
                        values (:account, :mailbox, :role, :name, :inbox, :days, :flagged)
                        """)
                .param("account", mailbox.key().accountId())
                .param("mailbox", mailbox.key().id())
                .param("role", lasting(mailbox))
                .param("name", mailbox.remoteName())
                .param("inbox", inboxId(mailbox.key().accountId()))
                .param("days", afterDays)
                .param("flagged", keepFlagged)
                .update();
    }

    void clear(Mailbox mailbox) {
        jdbc.sql("""
                        delete from retention_rule
                         where account_id = ? and (role = ? or (role is null and mailbox_id = ?))
                        """)
                .param(mailbox.key().accountId())
                .param(lasting(mailbox))
                .param(mailbox.key().id())
                .update();
    }

    /**
     * Follows mailboxes that were renamed, or are of another index now. Rules of those that are gone are over: whoever makes
     * one of that name again has said nothing of it.
     *
     * @return those renamed since: they may be others that were taken for them
     */
    List<MailboxKey> follow(long accountId) {
        var renamed = new ArrayList<MailboxKey>();
        for (var own : own(accountId)) {
            var mailbox = mailbox(accountId, own).orElse(null);
            if (mailbox == null && own.role() == null) {
                jdbc.sql("delete from retention_rule where account_id = ? and id = ?")
                        .param(accountId)
                        .param(own.id())
                        .update();
            } else if (mailbox != null && !isNamedSo(mailbox, own)) {
                renamed.add(mailbox.key());
                jdbc.sql("""
                                update retention_rule set mailbox_id = ?, remote_name = ?, inbox_id = ?
                                 where account_id = ? and id = ?
                                """)
                        .param(mailbox.key().id())
                        .param(mailbox.remoteName())
                        .param(inboxId(accountId))
                        .param(accountId)
                        .param(own.id())
                        .update();
            }
        }
        return renamed;
    }

    private static boolean isNamedSo(Mailbox mailbox, Own own) {
        return mailbox.key().id() == own.mailboxId() && mailbox.remoteName().equals(own.remoteName());
    }

    private List<Own> own(long accountId) {
        return jdbc.sql("""
                        select id, mailbox_id, role, remote_name, inbox_id, after_days, keep_flagged from retention_rule
                         where account_id = ? order by id
                        """)
                .param(accountId)
                .query((rs, n) -> new Own(
                        rs.getLong(1),
                        rs.getLong(2),
                        rs.getString(3) == null ? null : MailboxRole.valueOf(rs.getString(3)),
                        rs.getString(4),
                        rs.getObject(5, Long.class),
                        rs.getObject(6, Integer.class),
                        rs.getBoolean(7)))
                .list();
    }

    /** A mailbox keeps its id when it is renamed; its name only where the index was lost, and all have other ids. */
    private Optional<Mailbox> mailbox(long accountId, Own own) {
        if (own.role() != null) {
            return mailboxes.byRole(accountId, own.role());
        }
        var known = mailboxes.find(new MailboxKey(accountId, own.mailboxId()));
        boolean sameIndex = own.inboxId() != null && own.inboxId().equals(inboxId(accountId));
        return known.isPresent() || sameIndex ? known : mailboxes.byName(accountId, own.remoteName());
    }

    private @Nullable Long inboxId(long accountId) {
        return mailboxes
                .byRole(accountId, MailboxRole.INBOX)
                .map(inbox -> inbox.key().id())
                .orElse(null);
    }

    private static @Nullable String lasting(Mailbox mailbox) {
        var role = mailbox.role();
        return role != null && WITH_ROLES.contains(role) ? role.name() : null;
    }

    private Rule rule(Mailbox mailbox, Own own) {
        return new Rule(
                mailbox, own.afterDays(), own.keepFlagged(), SetBy.USER, operatorDays(mailbox), operator.keepFlagged());
    }

    private Rule operators(Mailbox mailbox) {
        var days = operatorDays(mailbox);
        return new Rule(
                mailbox,
                days,
                operator.keepFlagged(),
                days == null ? null : SetBy.OPERATOR,
                days,
                operator.keepFlagged());
    }

    private @Nullable Integer operatorDays(Mailbox mailbox) {
        var role = mailbox.role();
        var address = accounts.get(mailbox.key().accountId()).address();
        return role == null ? null : operator.days(address, role);
    }
}
