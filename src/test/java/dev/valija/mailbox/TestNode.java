package dev.valija.mailbox;

import com.zaxxer.hikari.HikariDataSource;
import dev.valija.account.Accesses;
import dev.valija.account.FakeAccounts;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Upstream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** One running instance of the module, put together by hand. Several may share a database, as nodes do. */
final class TestNode implements AutoCloseable {
    final List<Object> events = new CopyOnWriteArrayList<>();
    final HikariDataSource pool = new HikariDataSource();
    final JdbcClient jdbc;
    final MailboxIndex index;
    final MessageIndex messages;
    final ThreadIndex threads;
    final Threads userThreads;
    final IndexWrites writes;
    final Provider provider;
    final FirstLooks firstLooks;
    final MailboxTree tree;
    final SyncWrites syncWrites;
    final AuditSchedule audits;
    final MailboxSync sync;
    final Audit audit;
    final Filling filling;
    final Freshness freshness;
    final LocalChanges local;
    final WatchLeases leases;
    final Watching watching;
    final Mailboxes mailboxes;
    final MailboxEdits edits;
    final AccountLifecycle lifecycle;
    final BulkChanges bulk;
    final Accesses accesses;
    final SearchQueries searchQueries;
    final ServerPages serverPages;
    final MessageSearch search;

    TestNode(FreshDatabase database, Upstream upstream, FakeAccounts accounts) {
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.addDataSourceProperty("options", FreshDatabase.OPTIONS);
        pool.setMaximumPoolSize(8);
        pool.setMinimumIdle(1);
        ApplicationEventPublisher publisher = events::add;
        jdbc = JdbcClient.create(pool);
        var transactions = new JdbcTransactionManager(pool);
        accesses = accounts.accesses(jdbc);
        index = new MailboxIndex(jdbc);
        var links = new ThreadLinks(jdbc);
        var members = new ThreadMembers(jdbc);
        threads = new ThreadIndex(jdbc, links, members);
        messages = new MessageIndex(jdbc, threads, new SubjectRepair(jdbc, links, threads, members));
        writes = new IndexWrites(transactions, jdbc, publisher, accounts);
        userThreads = new Threads(accesses, writes, members, links, threads);
        provider = new Provider(upstream, accounts);
        firstLooks = new FirstLooks(upstream);
        var renumbering = new Renumbering(jdbc);
        tree = new MailboxTree(provider, firstLooks, index, messages, renumbering, writes);
        syncWrites = new SyncWrites(
                writes, index, messages, renumbering, new Comparison(jdbc), new Rows(messages, transactions));
        audits = new AuditSchedule(jdbc);
        sync = new MailboxSync(provider, firstLooks, index, syncWrites, audits);
        audit = new Audit(provider, index, sync, new Comparison(jdbc), jdbc, threads, writes);
        filling = new Filling(provider, index, sync, syncWrites, writes, new IndexStatistics(jdbc));
        freshness = new Freshness(tree, index, sync, filling, writes);
        local = new LocalChanges(writes, index, messages);
        leases = new WatchLeases(jdbc);
        watching = new Watching(
                leases, accounts, accesses, new WatchStarter(upstream, accounts, index, freshness, filling, provider));
        mailboxes = new Mailboxes(accesses, tree, index, provider, freshness, watching);
        edits = new MailboxEdits(accesses, mailboxes, tree, index, messages, writes, provider);
        var selections = new Selections(jdbc, accesses, mailboxes, freshness, provider);
        bulk = new BulkChanges(
                accounts,
                accesses,
                selections,
                mailboxes,
                edits,
                sync,
                freshness,
                provider,
                local,
                new Moves(provider, sync, index, local, freshness, new PendingMoves(jdbc)));
        searchQueries = new SearchQueries(jdbc);
        serverPages = new ServerPages(provider, new MessageQueries(jdbc), index, syncWrites);
        search = new MessageSearch(
                accesses,
                index,
                new IndexSearch(searchQueries),
                searchQueries,
                new BodySearch(provider, searchQueries, serverPages));
        lifecycle = new AccountLifecycle(
                watching, accounts, provider, freshness, firstLooks, writes, index, messages, leases);
    }

    Mailbox mailbox(long accountId, String remoteName) {
        return index.byName(accountId, remoteName).orElseThrow();
    }

    /** Lists the account's mailboxes and reads all of them to their ends. */
    Mailbox fills(long accountId, String remoteName) {
        tree.known(accountId);
        var mailbox = sync.firstPage(mailbox(accountId, remoteName));
        filling.wake(accountId);
        Mirror.await(() -> index.list(accountId).stream().allMatch(m -> m.complete() || !m.selectable()));
        return mailbox(accountId, remoteName);
    }

    /** Refreshes until whole, as {@link Freshness} does. */
    void refresh(MailboxKey key) {
        freshness.refresh(key);
        Mirror.await(() -> index.find(key).map(Mailbox::complete).orElse(true));
    }

    List<MailboxChanged> changes() {
        return events(MailboxChanged.class).toList();
    }

    <T> Stream<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    @Override
    public void close() {
        watching.stop();
        filling.stop();
        pool.close();
    }
}
