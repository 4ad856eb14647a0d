package dev.valija.demo;

import dev.valija.account.DemoSignIn;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells on the console where to go and what to type. */
@Component
@Profile("demo")
class DemoConsole {
    private final Environment environment;
    private final List<DemoSignIn> signIns;
    private final DemoSite site;

    DemoConsole(Environment environment, ObjectProvider<DemoSignIn> signIns, DemoSite site) {
        this.environment = environment;
        this.signIns = signIns.orderedStream().toList();
        this.site = site;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        var port = environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        var first = signIns.getFirst();
        var second = signIns.getLast();
        System.out.printf(
                """

                  ------------------------------------------------------------
                   Valija is ready:  http://localhost:%s

                   Demo sign-in:     %s   password: %s
                                     %s   password: %s
                   Demo mail server: localhost, IMAPS %d, SMTPS %d, POP3S %d
                   Demo mail is kept in memory and begins anew with each start.
                   Any other address signs in at its own mail server.
                  ------------------------------------------------------------

                """,
                port,
                first.address(),
                first.password(),
                second.address(),
                second.password(),
                site.imapsPort(),
                site.smtpsPort(),
                site.pop3sPort());
    }
}
