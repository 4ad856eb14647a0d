package dev.valija.account;

import dev.valija.problem.OneLine;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What callers send about accounts. Text forms hide the passwords. */
final class AccountRequests {
    /** Something, an at sign, something; no white space or control characters. Providers decide the rest. */
    static final String ADDRESS = "[^\\s\\p{Cntrl}@]+@[^\\s\\p{Cntrl}@]+";

    static final String ADDRESS_MESSAGE = "must be a mail address";

    /** What a sign-in needs, of a browser or for a token. */
    interface SignInForm {
        String address();

        String password();

        @Nullable
        String username();

        @Nullable
        Servers server();

        /** The name shown to the provider. */
        default String loginName() {
            var given = username();
            return given != null ? given : foldDomain(address());
        }
    }

    record SignInRequest(
            @NotNull @Size(min = 3, max = 320) @Pattern(regexp = ADDRESS, message = ADDRESS_MESSAGE)
            String address,

            @NotNull @Size(min = 1, max = 1000) @OneLine String password,

            @Nullable @Size(min = 1, max = 320) @OneLine String username,

            @Nullable @Valid Servers server)
            implements SignInForm {
        @Override
        public String toString() {
            return "SignInRequest";
        }
    }

    record TokenRequest(
            @NotNull @Size(min = 1, max = 100) @OneLine String name,

            @NotNull @Size(min = 3, max = 320) @Pattern(regexp = ADDRESS, message = ADDRESS_MESSAGE)
            String address,

            @NotNull @Size(min = 1, max = 1000) @OneLine String password,

            @Nullable @Size(min = 1, max = 320) @OneLine String username,

            @Nullable @Valid Servers server)
            implements SignInForm {
        @Override
        public String toString() {
            return "TokenRequest[" + name + "]";
        }
    }

    record AccountChange(
            @Nullable @Size(min = 1, max = 100) @OneLine String name,

            @Nullable @Size(min = 1, max = 1000) @OneLine String password,

            @Nullable @Valid Servers server) {
        @Override
        public String toString() {
            return "AccountChange";
        }
    }

    record Servers(
            @Nullable @Valid ServerForm imap,
            @Nullable @Valid ServerForm pop3,
            @Nullable @Valid ServerForm smtp) {}

    record IdentityRequest(
            @Nullable @Size(max = 200) @OneLine String name,

            @NotNull @Size(min = 3, max = 320) @Pattern(regexp = ADDRESS, message = ADDRESS_MESSAGE)
            String email,

            @Nullable @Size(max = 100_000) String signatureHtml) {}

    /** Tells null, which clears, from absent, which keeps. */
    static final class IdentityChange {
        private @Nullable IdentityText name;

        @Size(min = 3, max = 320)
        @Pattern(regexp = ADDRESS, message = ADDRESS_MESSAGE)
        private @Nullable String email;

        private @Nullable IdentityText signatureHtml;

        /** A value that was given, be it null. */
        private record IdentityText(@Nullable String value) {}

        public void setName(@Nullable String value) {
            name = new IdentityText(value);
        }

        public void setEmail(@Nullable String value) {
            email = value;
        }

        public void setSignatureHtml(@Nullable String value) {
            signatureHtml = new IdentityText(value);
        }

        @Size(max = 200)
        @OneLine
        public @Nullable String getName() {
            return name == null ? null : name.value();
        }

        @Size(max = 100_000)
        public @Nullable String getSignatureHtml() {
            return signatureHtml == null ? null : signatureHtml.value();
        }

        boolean isNothing() {
            return name == null && email == null && signatureHtml == null;
        }

        Identity applyTo(Identity old) {
            return new Identity(
                    old.id(),
                    old.accountId(),
                    name == null ? old.name() : name.value(),
                    email == null ? old.email() : email,
                    signatureHtml == null ? old.signatureHtml() : signatureHtml.value());
        }
    }

    /** Domains are the same in any case (RFC 5321 2.4); what stands before the at sign is the provider's own. */
    static String foldDomain(String address) {
        var at = address.lastIndexOf('@');
        return address.substring(0, at) + address.substring(at).toLowerCase(Locale.ROOT);
    }

    private AccountRequests() {}
}
