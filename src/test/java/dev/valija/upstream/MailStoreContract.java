package dev.valija.upstream;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link MailStore} does, whatever is behind it: run against the fake, GreenMail and Dovecot, so that tests
 * with the fake say something about real servers. Each test has a user of its own.
 */
abstract class MailStoreContract
        implements MailboxContract, MessageContract, ChangesContract, SearchContract, WatchContract {
    private static final AtomicLong USERS = new AtomicLong();

    private ServerLogin mine;
    private ServerLogin theirs;

    /** How that new user signs in, as that account. */
    protected abstract ServerLogin login(long accountId, String user);

    @BeforeEach
    final void newUser() {
        long number = USERS.incrementAndGet();
        var user = "anna" + number + "@example.org";
        mine = login(2 * number, user);
        theirs = login(2 * number + 1, user);
    }

    @AfterEach
    final void forgetUser() {
        upstream().forget(mine.accountId());
        upstream().forget(theirs.accountId());
    }

    @Override
    public final ServerLogin mine() {
        return mine;
    }

    @Override
    public final ServerLogin theirs() {
        return theirs;
    }
}
