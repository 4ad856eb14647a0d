package dev.valija.contact;

import org.jspecify.annotations.Nullable;

/** What a user keeps of somebody. */
record Entry(@Nullable String name, Email email) {
    Entry {
        name = ContactName.of(name);
    }
}
