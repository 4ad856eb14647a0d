package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message in a list, as the API shows it.
 *
 * @param threadSize how many of its thread are in the mailbox; only where the list shows one of each thread
 * @param threadUnread how many of those are unread
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MessageSummary(
        String id,
        String mailboxId,
        String threadId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer threadSize,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer threadUnread,
        List<Address> from,
        List<Address> to,
        String subject,
        @Nullable String preview,
        Instant receivedAt,
        @Nullable Instant sentAt,
        long size,
        List<String> keywords,
        boolean hasAttachment) {}
