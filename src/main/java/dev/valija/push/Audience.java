package dev.valija.push;

import dev.valija.account.SignIns;
import dev.valija.account.SignedIn;
import dev.valija.account.UserId;
import dev.valija.mailbox.Mailboxes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Who listens: whether they still may, and telling that they do. */
@Component
class Audience {
    private static final Logger log = LoggerFactory.getLogger(Audience.class);

    private final SignIns signIns;
    private final Mailboxes mailboxes;

    Audience(SignIns signIns, Mailboxes mailboxes) {
        this.signIns = signIns;
        this.mailboxes = mailboxes;
    }

    /** Whether the sign-in still stands. While that cannot be found out it does. */
    boolean mayListen(SignedIn signedIn) {
        try {
            return signIns.stands(signedIn);
        } catch (DataAccessException e) {
            log.debug("The sign-in cannot be looked up", e);
            return true;
        }
    }

    /** Somebody looks at the user's mail now, so that it is watched. */
    void present(UserId user) {
        try {
            mailboxes.keepWatching(user);
        } catch (DataAccessException e) {
            log.debug("Presence is told again with the next heartbeat", e);
        }
    }
}
