package dev.valija.upload;

import org.jspecify.annotations.Nullable;

/**
 * Something that still needs uploads.
 *
 * @param name unique among what the user has
 * @param accountId the account it goes with, if it does
 */
public record Holder(String name, @Nullable Long accountId) {}
