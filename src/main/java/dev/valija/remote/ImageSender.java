package dev.valija.remote;

import java.time.Instant;

/**
 * Somebody whose remote images a user always wants to see.
 *
 * @param email in lower case
 */
record ImageSender(long id, String email, Instant addedAt) {}
