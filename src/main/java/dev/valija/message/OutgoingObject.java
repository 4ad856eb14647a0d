package dev.valija.message;

/** What a message is about beside its text, for the recipient's program. */
public sealed interface OutgoingObject permits OutgoingCalendar, OutgoingDisposition {}
