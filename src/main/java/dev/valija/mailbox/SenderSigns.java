package dev.valija.mailbox;

import dev.valija.account.Accounts;
import dev.valija.message.ListUnsubscribe;
import dev.valija.trust.Authentication;
import dev.valija.trust.Sign;
import dev.valija.trust.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What speaks for and against the sender of a message of ours, and what may be done at its word. */
@Component
class SenderSigns {
    private final Trust trust;
    private final Accounts accounts;

    SenderSigns(Trust trust, Accounts accounts) {
        this.trust = trust;
        this.accounts = accounts;
    }

    /** All that is known without asking anybody. */
    record Found(
            @Nullable Authentication authentication,
            List<Sign> signs,
            @Nullable ListUnsubscribe unsubscribe) {}

    Found of(StoredMessage message, Opened opened) {
        var envelope = opened.envelope() == null ? message.envelope() : opened.envelope();
        var authentication = trust.authentication(envelope, opened.fields());
        return new Found(
                authentication,
                trust.signs(
                        envelope,
                        opened.fields(),
                        () -> accounts.identities(message.accountId()).stream()
                                .map(identity -> identity.email()
                                        .substring(identity.email().lastIndexOf('@') + 1))),
                ListUnsubscribe.of(opened.fields())
                        .map(way -> isForged(opened, authentication) ? way.withoutOneClick() : way)
                        .orElse(null));
    }

    /** RFC 8058 4: what is sent off at one click must be of whom it says; the signature holds, where a server has told. */
    private boolean isForged(Opened opened, @Nullable Authentication authentication) {
        boolean unsigned = authentication != null && !"pass".equals(authentication.dkim());
        return unsigned || trust.saysForged(opened.fields());
    }
}
