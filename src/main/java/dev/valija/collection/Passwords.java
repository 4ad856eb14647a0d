package dev.valija.collection;

import dev.valija.account.DataKeys;
import dev.valija.account.UserId;
import dev.valija.account.WrappedColumn;
import dev.valija.collection.MailCollection.Secret;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Component;

/** The passwords of maildrops, each under a key of its own. */
@Component
class Passwords {
    private final DataKeys keys;

    Passwords(DataKeys keys) {
        this.keys = keys;
    }

    Secret seal(UserId user, String password) {
        var key = keys.make(WrappedColumn.COLLECTION, user);
        var seal = keys.open(WrappedColumn.COLLECTION, user, key).orElseThrow();
        return new Secret(
                key, seal.seal(WrappedColumn.COLLECTION.sealedPlace(user), password.getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws ProblemException account-credentials-rejected when it is lost to us; the user can give it again */
    String open(UserId user, Secret secret) {
        return keys.open(WrappedColumn.COLLECTION, user, secret.key())
                .flatMap(seal -> seal.open(WrappedColumn.COLLECTION.sealedPlace(user), secret.sealed()))
                .map(octets -> new String(octets, StandardCharsets.UTF_8))
                .orElseThrow(() -> new ProblemException(
                        Problem.ACCOUNT_CREDENTIALS_REJECTED, "Give the password of this collection again."));
    }
}
