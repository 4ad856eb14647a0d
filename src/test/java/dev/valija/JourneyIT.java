package dev.valija;

import dev.valija.support.BrowserRun;
import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.SmtpSink;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The main job in a browser: the whole application with a real Dovecot behind it and Chromium before it. The steps are
 * in {@code frontend/e2e}; this starts what they need and hands them the address.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "valija.data-dir=target/test-journey",
            "valija.upstream.allowed-hosts=localhost",
            "valija.draft-copy-pause=1s"
        })
@Import(TestDatabase.class)
@Execution(ExecutionMode.SAME_THREAD)
class JourneyIT {
    private static final String USER = "anna@example.org";
    private static final String OLD_USER = "anna.old@example.org";

    private static DovecotServer dovecot;
    private static SmtpSink smtp;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void startServers() {
        dovecot = DovecotServer.start();
        BrowserRun.assumePossible();
        smtp = SmtpSink.start().delivers("example.org", (to, message) -> dovecot.deliver(to, message));
        for (int i = 1; i <= 120; i++) {
            dovecot.deliver(USER, Mails.plain("Weekly note " + i).bytes());
        }
        dovecot.deliver(
                USER,
                Mails.withAttachment("The signed contract", "contract.pdf", "application/pdf", Mails.PIXEL)
                        .bytes());
        dovecot.deliver(USER, Mails.rich("A picture for you").bytes());
        dovecot.deliver(OLD_USER, Mails.plain("From the old place").bytes());
        dovecot.deliver(
                USER,
                Mails.alternative("Harbour walk on Sunday", "Shall we walk?", "<p>Shall we <b>walk</b>?</p>")
                        .bytes());
    }

    @AfterAll
    static void stopServers() {
        if (smtp != null) {
            smtp.close();
        }
        if (dovecot != null) {
            dovecot.close();
        }
    }

    @DynamicPropertySource
    static void trust(DynamicPropertyRegistry properties) {
        properties.add(
                "valija.upstream.trusted-certificates", () -> TestCa.pem().toString());
    }

    @Test
    void aPersonDoesTheMainJobInTheBrowser() throws Exception {
        BrowserRun.of("e2e/run.mjs", port, USER, dovecot, smtp)
                .with("SERVER_POP3_PORT", Integer.toString(dovecot.pop3s().port()))
                .with("POP3_USER", OLD_USER)
                .with("POP3_SUBJECT", "From the old place")
                .with("USER2", "ben@example.org")
                .with("USER3", "carl@example.org")
                .succeedsWithin(Duration.ofMinutes(10));
    }
}
