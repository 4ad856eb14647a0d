package dev.valija.account;

import dev.valija.upstream.ServerLogin;
import java.util.List;
import org.springframework.stereotype.Service;

/** The users' accounts, and the way from an account to its provider. */
@Service
public class Accounts {

    /** In the user's order. */
    public List<Account> of(UserId user) {
        throw new UnsupportedOperationException();
    }

    /**
     * The user's account of that id.
     *
     * @throws dev.valija.problem.ProblemException not-found when there is none or it is another user's
     */
    public Account require(UserId user, long accountId) {
        throw new UnsupportedOperationException();
    }

    /** The account without asking who wants it: for work in the background. */
    public Account get(long accountId) {
        throw new UnsupportedOperationException();
    }

    /**
     * All it takes to connect, credentials decrypted.
     *
     * @throws dev.valija.problem.ProblemException account-credentials-rejected while the provider refuses the password
     */
    public ServerLogin login(long accountId) {
        throw new UnsupportedOperationException();
    }

    /** The provider refused the password: remembered until a new one works, and told to the user. */
    public void credentialsRejected(long accountId) {
        throw new UnsupportedOperationException();
    }

    /** The account's identities, the default one first; never empty. */
    public List<Identity> identities(long accountId) {
        throw new UnsupportedOperationException();
    }
}
