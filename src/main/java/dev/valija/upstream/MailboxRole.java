package dev.valija.upstream;

/** What a mailbox is for (RFC 6154, RFC 8621 2, and \Snoozed of the registry of IMAP mailbox name attributes). */
public enum MailboxRole {
    INBOX,
    DRAFTS,
    SENT,
    ARCHIVE,
    JUNK,
    TRASH,
    ALL,
    FLAGGED,
    SNOOZED
}
