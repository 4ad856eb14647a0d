package dev.valija.account;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who is not the owner is about to do something in an account. Told before it is done, and what cannot be
 * written down is not done: nothing happens unseen.
 *
 * @param mailbox by our number; null where it is about none
 * @param message likewise, where it is about one
 * @param count of messages
 */
public record MemberActs(
        Access access,
        AccessAction action,
        @Nullable Long mailbox,
        @Nullable Long message,
        int count) {}
