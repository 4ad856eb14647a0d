package dev.valija.upstream;

import org.jspecify.annotations.Nullable;

/**
 * A mailbox as the provider lists it.
 *
 * @param name the full name, decoded to Unicode, parents and separator included; the handle for every other call
 * @param separator the hierarchy separator, or null where names are flat
 * @param role what it is for, or null; at most one mailbox of a listing has each role
 * @param selectable false for a pure parent (\Noselect, \NonExistent): it holds no messages
 * @param subscribed whether the user has subscribed to it
 * @param total messages in it, or -1 where the provider did not say
 * @param unread messages without {@code $seen}, or -1 where the provider did not say
 * @param state a token that changes whenever the mailbox may have changed, or null where the provider gives none;
 *     compare for equality only
 */
public record RemoteMailbox(
        String name,
        @Nullable Character separator,
        @Nullable MailboxRole role,
        boolean selectable,
        boolean subscribed,
        int total,
        int unread,
        @Nullable String state) {}
