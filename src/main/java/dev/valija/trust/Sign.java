package dev.valija.trust;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Something a reader should know about who a message says it is from.
 *
 * @param field the header field that it is about: {@code from} or {@code replyTo}
 * @param email the address that it is about, its domain as it is in the DNS (RFC 5890 A-labels)
 * @param value what it is confused with, or null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Sign(
        Kind kind, String field, String email, @Nullable String value) {

    /** What is odd. */
    public enum Kind {
        /** The domain is not what it looks like: mixed scripts, letters that look like others, or no domain at all. */
        LOOKALIKE_DOMAIN("lookalike-domain"),
        /** The name is an address, and not the real one: {@code value} is what it claims. */
        ADDRESS_IN_NAME("address-in-name"),
        /** Answers go to another domain. */
        REPLY_ELSEWHERE("reply-elsewhere");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As in the API. */
        @JsonValue
        public String text() {
            return text;
        }
    }
}
