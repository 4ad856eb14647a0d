package dev.valija.account;

import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import org.springframework.stereotype.Component;

/** Shows logins that users give to their servers, within the limits of how often that may fail. */
@Component
public class LoginTrial {
    private final SignInLimits limits;

    LoginTrial(SignInLimits limits) {
        this.limits = limits;
    }

    /**
     * Signs in.
     *
     * @param client the address of who asks
     * @throws UpstreamException as the server does
     * @throws dev.valija.problem.ProblemException too-many-requests
     */
    public void signIn(String client, ServerSettings server, String loginName, Runnable signIn) {
        var ofClient = limits.client(client);
        var ofLogin = limits.login(LoginKey.of(server, loginName));
        try {
            signIn.run();
        } catch (UpstreamException.CredentialsRejected e) {
            throw e;
        } catch (UpstreamException e) {
            ofLogin.succeeded(); // nobody learnt anything about the password
            throw e;
        }
        ofLogin.succeeded();
        ofClient.succeeded();
    }
}
