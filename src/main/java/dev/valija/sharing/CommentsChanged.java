package dev.valija.sharing;

import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;

/** Something was said beside a message, or taken back. Published within the transaction. */
public record CommentsChanged(MailboxKey mailbox, MessageKey message) {}
