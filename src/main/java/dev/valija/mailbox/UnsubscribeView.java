package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.ListUnsubscribe;
import org.jspecify.annotations.Nullable;

/** How one leaves the list that a message came by, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record UnsubscribeView(
        boolean oneClick, @Nullable String page, @Nullable MailView mail) {

    record MailView(String address, String subject, String body) {}

    static UnsubscribeView of(ListUnsubscribe unsubscribe) {
        var mail = unsubscribe.mail();
        return new UnsubscribeView(
                unsubscribe.oneClick() != null,
                unsubscribe.page(),
                mail == null ? null : new MailView(mail.address(), mail.subject(), mail.body()));
    }
}
