package dev.valija.account;

import dev.valija.account.AccountRequests.SignInForm;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.problem.ProblemException.FieldError;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.Upstream.Servers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Works out which servers a sign-in means. */
@Component
class ServerFinder {
    private final Upstream upstream;
    private final AccountRows rows;

    ServerFinder(Upstream upstream, AccountRows rows) {
        this.upstream = upstream;
        this.rows = rows;
    }

    /** The servers named in the form; what it leaves out is found. */
    Servers find(SignInForm form) {
        var named = form.server();
        if (named != null && named.pop3() != null) {
            throw noPop3();
        }
        var store = named == null ? null : settings("/server/imap", named.imap(), 993, 143);
        var transport = named == null ? null : settings("/server/smtp", named.smtp(), 465, 587);
        if (store != null && transport != null) {
            return new Servers(store, transport);
        }
        var found = store == null ? usedBefore(form).or(() -> discover(form)) : discover(form);
        if (store == null) {
            var servers = found.orElseThrow(ServerFinder::unknown);
            return new Servers(servers.store(), transport == null ? servers.transport() : transport);
        }
        // A provider that has its IMAP at one host mostly has its submission there, too.
        return new Servers(
                store, found.map(Servers::transport).orElse(new ServerSettings(store.host(), 465, Security.TLS)));
    }

    private Optional<Servers> discover(SignInForm form) {
        return upstream.discover(form.address())
                .map(servers -> new Servers(canonical(servers.store()), canonical(servers.transport())));
    }

    /**
     * The servers an earlier sign-in named, for providers that cannot be discovered. Only for who shows the password
     * stored with them: anybody may have signed in under this name at a server of their own, and this password must
     * not be sent there.
     */
    private Optional<Servers> usedBefore(SignInForm form) {
        return rows.firstsNamed(form.loginName()).stream()
                .filter(row -> hasPassword(row, form.password()))
                .map(AccountRows.Row::servers)
                .findFirst();
    }

    private boolean hasPassword(AccountRows.Row row, String password) {
        try {
            return MessageDigest.isEqual(
                    rows.login(row).credentials().password().getBytes(StandardCharsets.UTF_8),
                    password.getBytes(StandardCharsets.UTF_8));
        } catch (Vault.SealedException e) {
            return false;
        }
    }

    /** The settings of one server, or null when it is left out. */
    static @Nullable ServerSettings settings(
            String pointer, @Nullable ServerForm server, int tlsPort, int startTlsPort) {
        return server == null ? null : server.settings(pointer, tlsPort, startTlsPort);
    }

    private static ServerSettings canonical(ServerSettings found) {
        return new ServerSettings(ServerForm.host("", found.host()), found.port(), found.security());
    }

    static ProblemException noPop3() {
        return new ProblemException(
                Problem.OPERATION_NOT_SUPPORTED,
                "POP3 accounts cannot be added yet; give the IMAP server if there is one.",
                List.of(new FieldError("/server/pop3", "is not supported yet")),
                null);
    }

    private static ProblemException unknown() {
        return new ProblemException(
                Problem.SERVER_UNKNOWN,
                "The mail servers of this address could not be found. Name them.",
                List.of(new FieldError("/server", "is needed for this address")),
                null);
    }
}
