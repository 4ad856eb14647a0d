package dev.valija.sharing;

import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;

/**
 * Somebody begins to read or to answer a message that others see too, or ends it. Passing news.
 *
 * @param doing {@code reading}, {@code replying} or {@code nothing}
 */
public record PresenceTold(MailboxKey mailbox, MessageKey message, UserId user, String address, String doing) {}
