package dev.valija.contact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a vCard (RFC 6350, and 2426 and version 2.1 before it) says of whom to write to.
 *
 * @param emails as they stand there; not all need be addresses
 */
record VCard(@Nullable String name, List<String> emails) {
    VCard {
        emails = List.copyOf(emails);
    }
}
