package dev.valija.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.AccountRows.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What callers are told about users and accounts. Ids are strings, since JavaScript cannot count that far. */
final class AccountViews {

    record UserView(String id, String address) {}

    record SessionView(UserView user, List<AccountView> accounts) {
        /** Of the accounts the first is the one that the user signed up with. */
        static SessionView of(UserId user, List<AccountView> accounts) {
            return new SessionView(
                    new UserView(user.toString(), accounts.getFirst().address()), accounts);
        }
    }

    record AccountView(
            String id,
            String address,
            String name,
            String state,
            AccessView access,
            ServersView server,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            Long maxMessageSize) {
        static AccountView of(Row row, AccessView access) {
            var account = row.account();
            var maxMessageSize = row.maxMessageSize();
            return new AccountView(
                    Long.toString(account.id()),
                    account.address(),
                    account.name(),
                    account.credentialsRejected() ? "credentials-rejected" : "ok",
                    access,
                    new ServersView(
                            ServerView.of(row.servers().store()),
                            ServerView.of(row.servers().transport())),
                    maxMessageSize == null || maxMessageSize == 0 ? null : maxMessageSize);
        }
    }

    /**
     * What the user may do.
     *
     * @param role the most, anywhere in the account
     * @param owner the address of whoever shares it; null for one's own
     */
    record AccessView(
            String role,
            boolean whole,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            String owner) {
        static final AccessView OWN = new AccessView("owner", true, null);

        static AccessView of(Access access, String owner) {
            return new AccessView(access.most().text(), access.isWhole(), owner);
        }
    }

    record ServersView(ServerView imap, ServerView smtp) {}

    record IdentityView(
            String id,
            String accountId,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            String name,

            String email,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            String signatureHtml) {
        static IdentityView of(Identity identity) {
            return new IdentityView(
                    Long.toString(identity.id()),
                    Long.toString(identity.accountId()),
                    identity.name(),
                    identity.email(),
                    identity.signatureHtml());
        }
    }

    record TokenView(
            String id,
            String kind,
            String name,
            Instant createdAt,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            Instant lastUsedAt,

            boolean current) {}

    record NewTokenView(String id, String token) {
        @Override
        public String toString() {
            return "NewTokenView[" + id + "]";
        }
    }

    record Items<T>(List<T> items) {}

    private AccountViews() {}
}
