package dev.valija.account;

import java.util.Locale;

/** What the log of a shared account tells of. */
public enum AccessAction {
    INVITED,
    ROLE_CHANGED,
    REVOKED,
    ACCEPTED,
    DECLINED,
    LEFT,
    OPENED,
    MARKED,
    MOVED,
    COPIED,
    DELETED,
    DESTROYED,
    MAILBOX_MADE,
    MAILBOX_CHANGED,
    MAILBOX_DELETED,
    THREAD_CHANGED,
    SENT,
    UNSUBSCRIBED,
    COMMENTED,
    COMMENT_REMOVED;

    /** As the API names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
