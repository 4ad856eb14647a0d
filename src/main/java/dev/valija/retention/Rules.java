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
    private static final List<MailboxRole> OPERATORS = List.of(MailboxRole.INBOX, MailboxRole.TRASH, MailboxRole.JUNK);

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

    private record Own(
            long mailboxId, String remoteName, @Nullable Integer afterDays, boolean keepFlagged) {}

    /** One for each mailbox of the account of which somebody has said something. */
    List<Rule> of(long accountId) {
        var rules = new LinkedHashMap<MailboxKey, Rule>();
        if (operator.isSet()) {
            for (var role : OPERATORS) {
                mailboxes
                        .byRole(accountId, role)
                        .map(this::operators)
                        .filter(rule -> rule.setBy() != null)
                        .ifPresent(rule -> rules.put(rule.mailbox().key(), rule));
            }
        }
        for (var own : own(accountId)) {
            mailbox(accountId, own)
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
                        insert into retention_rule (account_id, mailbox_id, remote_name, after_days, keep_flagged)
                        values (:account, :mailbox, :name, :days, :flagged)
                        """)
                .param("account", mailbox.key().accountId())
                .param("mailbox", mailbox.key().id())
                .param("name", mailbox.remoteName())
                .param("days", afterDays)
                .param("flagged", keepFlagged)
                .update();
    }

    void clear(Mailbox mailbox) {
        jdbc.sql("delete from retention_rule where account_id = ? and (mailbox_id = ? or remote_name = ?)")
                .param(mailbox.key().accountId())
                .param(mailbox.key().id())
                .param(mailbox.remoteName())
                .update();
    }

    /** Those of mailboxes that are gone are over: whoever makes one of that name again has said nothing of it. */
    void forgetLost(long accountId) {
        own(accountId).stream()
                .filter(own -> mailbox(accountId, own).isEmpty())
                .forEach(lost -> jdbc.sql("delete from retention_rule where account_id = ? and mailbox_id = ?")
                        .param(accountId)
                        .param(lost.mailboxId())
                        .update());
    }

    private List<Own> own(long accountId) {
        return jdbc.sql("""
                        select mailbox_id, remote_name, after_days, keep_flagged from retention_rule
                         where account_id = ? order by mailbox_id
                        """)
                .param(accountId)
                .query((rs, n) ->
                        new Own(rs.getLong(1), rs.getString(2), rs.getObject(3, Integer.class), rs.getBoolean(4)))
                .list();
    }

    /** A mailbox keeps its id when it is renamed; its name, when the index is lost. */
    private Optional<Mailbox> mailbox(long accountId, Own own) {
        return mailboxes
                .find(new MailboxKey(accountId, own.mailboxId()))
                .or(() -> mailboxes.byName(accountId, own.remoteName()));
    }

    private Rule rule(Mailbox mailbox, Own own) {
        return new Rule(mailbox, own.afterDays(), own.keepFlagged(), SetBy.USER, operatorDays(mailbox));
    }

    private Rule operators(Mailbox mailbox) {
        var days = operatorDays(mailbox);
        return new Rule(mailbox, days, operator.keepFlagged(), days == null ? null : SetBy.OPERATOR, days);
    }

    private @Nullable Integer operatorDays(Mailbox mailbox) {
        var role = mailbox.role();
        var address = accounts.get(mailbox.key().accountId()).address();
        return role == null ? null : operator.days(address, role);
    }
}
