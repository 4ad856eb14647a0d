package dev.valija.mailbox;

import dev.valija.account.FakeAccounts;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Upstream;

/** What other modules see of this one, put together by hand. */
public record TestMailboxes(Mailboxes mailboxes, MessagePlaces places) {

    /** On that database, for as long as the process lives. */
    public static TestMailboxes of(FreshDatabase database, Upstream upstream, FakeAccounts accounts) {
        var node = new TestNode(database, upstream, accounts);
        return new TestMailboxes(node.mailboxes, new MessagePlaces(node.jdbc, accounts));
    }
}
