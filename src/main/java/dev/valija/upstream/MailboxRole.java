package dev.valija.upstream;

/** What a mailbox is for (RFC 6154, RFC 8621 2). */
public enum MailboxRole {
    INBOX,
    DRAFTS,
    SENT,
    ARCHIVE,
    JUNK,
    TRASH,
    ALL,
    FLAGGED
}
