package dev.valija.push;

import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxChanged;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.EventReader;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Somebody with an account, and no provider: what comes is said to have come. */
final class Person {
    final UserId user;
    final long account;
    final Visitor visitor;
    private final Api api;
    private final JdbcClient jdbc;
    private final int port;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    private Person(
            UserId user,
            long account,
            Api api,
            JdbcClient jdbc,
            int port,
            ApplicationEventPublisher events,
            TransactionTemplate transaction) {
        this.user = user;
        this.account = account;
        this.api = api;
        this.jdbc = jdbc;
        this.port = port;
        this.events = events;
        this.transaction = transaction;
        this.visitor = anotherToken();
    }

    static Person of(
            String name,
            Api api,
            JdbcClient jdbc,
            int port,
            ApplicationEventPublisher events,
            TransactionTemplate transaction) {
        var user = jdbc.sql("insert into users (store_host, store_port, login_name) values ('h', 993, ?) returning id")
                .param(name)
                .query(Long.class)
                .single();
        var account = jdbc.sql("""
                        insert into account (user_id, first, address, name, login_name, store_host, store_port,
                            store_security, transport_host, transport_port, transport_security, master_key, data_key,
                            password, credentials_rejected)
                        values (?, true, 'a@example.org', 'a', ?, 'h', 993, 'TLS', 'h', 465, 'TLS', 'none', '', '', true)
                        returning id
                        """).params(user, name).query(Long.class).single();
        return new Person(new UserId(user), account, api, jdbc, port, events, transaction);
    }

    Visitor anotherToken() {
        var token = UUID.randomUUID().toString();
        jdbc.sql("insert into sign_in (user_id, kind, name, token_hash) values (?, 'token', 'test', sha256(?::bytea))")
                .params(user.value(), token)
                .update();
        return api.withToken(token);
    }

    EventReader stream(String query) {
        return stream(query, visitor);
    }

    EventReader stream(String query, Visitor by) {
        return EventReader.open(port, by.token(), query);
    }

    /** A mailbox of theirs in the index. */
    long mailbox(String name) {
        return jdbc.sql("insert into mailbox (account_id, remote_name, name) values (?, ?, ?) returning id")
                .params(account, name, name)
                .query(Long.class)
                .single();
    }

    /** Lets somebody read in a mailbox. The answer is the share's id. */
    String shares(long mailbox, Person member) {
        return account
                + "-"
                + jdbc.sql("""
                        insert into share (account_id, remote_name, address, member_id, role, state)
                        select account_id, remote_name, ?, ?, 'READ', 'accepted' from mailbox where account_id = ? and id = ?
                        returning id
                        """)
                        .params("member-" + member.user, member.user.value(), account, mailbox)
                        .query(Long.class)
                        .single();
    }

    void receives(long mailbox, long message) {
        transaction.executeWithoutResult(status -> publish(mailbox, message));
    }

    void publish(long mailbox, long message) {
        events.publishEvent(
                new MailboxChanged(user, account, mailbox, List.of(), List.of(message), List.of(), List.of()));
    }
}
