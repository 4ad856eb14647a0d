package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.trust.Authentication;
import dev.valija.trust.Sign;
import dev.valija.trust.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What speaks for and against the sender of a message of ours. */
@Component
class SenderSigns {
    private final Trust trust;
    private final Accounts accounts;

    SenderSigns(Trust trust, Accounts accounts) {
        this.trust = trust;
        this.accounts = accounts;
    }

    /** All that is known without asking anybody. */
    record Found(@Nullable Authentication authentication, List<Sign> signs) {}

    Found of(StoredMessage message, Opened opened) {
        var envelope = opened.envelope() == null ? message.envelope() : opened.envelope();
        return new Found(
                trust.authentication(envelope, opened.fields()),
                trust.signs(
                        envelope,
                        opened.fields(),
                        () -> accounts.identities(message.accountId()).stream()
                                .map(identity -> identity.email()
                                        .substring(identity.email().lastIndexOf('@') + 1))));
    }
}
