package dev.valija.submission;

import dev.valija.account.Identity;
import dev.valija.mailbox.MessageKey;
import dev.valija.message.Address;
import dev.valija.message.OutgoingObject;

/**
 * A message that another module answers with, in the user's name and at the user's wish.
 *
 * @param parent the message answered: it is not marked as such, but the answer joins its thread
 * @param undoSeconds held so long before it goes
 * @param request what the caller asked for, a record: the same key with another one is a mistake
 */
public record OutgoingAnswer(
        Identity identity,
        Address to,
        String subject,
        String text,
        OutgoingObject object,
        MessageKey parent,
        int undoSeconds,
        Record request) {}
