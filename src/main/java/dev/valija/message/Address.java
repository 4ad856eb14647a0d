package dev.valija.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox of an address list: a display name and an addr-spec (RFC 5322 3.4), both decoded.
 *
 * @param name the display name, or null where the mail has none
 * @param email the addr-spec as written; may be empty or odd in received mail, since lists must never break on it
 */
public record Address(@Nullable String name, String email) {
    public Address {
        Objects.requireNonNull(email);
    }
}
