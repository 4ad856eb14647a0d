package dev.valija.account;

import java.util.Locale;

/** What somebody may do in an account, or in a mailbox of it: each what those before it may, and more. */
public enum AccessRole {
    /** Read and search. */
    READ,
    /** Mark, file, and move to Trash. */
    TRIAGE,
    /** Write in the account's name, as {@code Sender} of it. */
    SEND,
    /** Delete for ever, and make, rename and delete mailboxes where all of them are shared. */
    FULL,
    /** Everything: passwords, settings and sharing are nobody else's. */
    OWNER;

    /** As the API names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean includes(AccessRole other) {
        return compareTo(other) >= 0;
    }
}
