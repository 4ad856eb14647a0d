package dev.valija.sharing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What callers are told about shares. */
final class ShareViews {

    record Items<T>(List<T> items) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ShareView(
            String id,
            String accountId,
            @Nullable String mailboxId,
            @Nullable String mailboxName,
            String address,
            String role,
            String state,
            Instant invitedAt) {
        static ShareView of(Share share) {
            return new ShareView(
                    share.key().toString(),
                    Long.toString(share.key().accountId()),
                    keyOf(share.key().accountId(), share.mailboxId()),
                    share.mailboxName(),
                    share.address(),
                    share.role().text(),
                    share.state().name().toLowerCase(Locale.ROOT),
                    share.invitedAt());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ReceivedView(
            String id,
            String accountId,
            String address,
            String owner,
            @Nullable String mailboxId,
            @Nullable String mailboxName,
            String role,
            String state,
            Instant invitedAt) {
        static ReceivedView of(ShareRows.Received received) {
            var share = ShareView.of(received.share());
            return new ReceivedView(
                    share.id(),
                    share.accountId(),
                    received.accountAddress(),
                    received.owner(),
                    share.mailboxId(),
                    share.mailboxName(),
                    share.role(),
                    share.state(),
                    share.invitedAt());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record EntryView(
            String id,
            Instant at,
            String who,
            String action,
            @Nullable String whom,
            @Nullable String mailboxId,
            @Nullable String messageId,
            int count) {
        static EntryView of(long accountId, AccessLog.Entry entry) {
            return new EntryView(
                    Long.toString(entry.id()),
                    entry.at(),
                    entry.who(),
                    entry.action().text(),
                    entry.whom(),
                    keyOf(accountId, entry.mailbox()),
                    entry.message() == null ? null : new MessageKey(accountId, entry.message()).toString(),
                    entry.messages());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LogPage(List<EntryView> items, @Nullable String next) {}

    private static @Nullable String keyOf(long accountId, @Nullable Long mailbox) {
        return mailbox == null ? null : new MailboxKey(accountId, mailbox).toString();
    }

    private ShareViews() {}
}
