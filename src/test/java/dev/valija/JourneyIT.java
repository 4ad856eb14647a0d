package dev.valija;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.SmtpSink;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
        properties = {"valija.data-dir=target/test-journey", "valija.upstream.allowed-hosts=localhost"})
@Import(TestDatabase.class)
class JourneyIT {
    private static final String USER = "anna@example.org";
    private static final Path FRONTEND = Path.of("frontend");

    private static DovecotServer dovecot;
    private static SmtpSink smtp;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void startServers() {
        dovecot = DovecotServer.start();
        assumeBrowser();
        smtp = SmtpSink.start().delivers("example.org", (to, message) -> dovecot.deliver(to, message));
        for (int i = 1; i <= 120; i++) {
            dovecot.deliver(USER, Mails.plain("Weekly note " + i).bytes());
        }
        dovecot.deliver(
                USER,
                Mails.withAttachment("The signed contract", "contract.pdf", "application/pdf", Mails.PIXEL)
                        .bytes());
        dovecot.deliver(USER, Mails.rich("A picture for you").bytes());
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
        var journey = new ProcessBuilder("node", "e2e/run.mjs")
                .directory(FRONTEND.toFile())
                .redirectErrorStream(true);
        journey.environment()
                .putAll(Map.of(
                        "BASE_URL",
                        "http://127.0.0.1:" + port,
                        "USER1",
                        USER,
                        "PASSWORD1",
                        DovecotServer.PASSWORD,
                        "HOST",
                        DovecotServer.HOST,
                        "SERVER_IMAP_PORT",
                        Integer.toString(dovecot.imaps().port()),
                        "SERVER_SMTP_PORT",
                        Integer.toString(smtp.settings().port())));
        var running = journey.start();
        // Not inherited: Surefire talks to this JVM over its standard output.
        var told = Thread.ofVirtual().start(() -> running.inputReader().lines().forEach(System.out::println));
        try {
            assertThat(running.waitFor(10, TimeUnit.MINUTES))
                    .as("the journeys end")
                    .isTrue();
            assertThat(running.exitValue())
                    .as("exit code of frontend/e2e/run.mjs")
                    .isZero();
        } finally {
            running.destroyForcibly();
            told.join();
        }
    }

    private static void assumeBrowser() {
        boolean there = Files.isExecutable(Path.of("/usr/bin/chromium"))
                && Files.isDirectory(FRONTEND.resolve("dist"))
                && Files.isDirectory(FRONTEND.resolve("node_modules"));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there)
                    .as("Chromium and the built webmail must be there in CI")
                    .isTrue();
        }
        Assumptions.assumeTrue(
                there, "no browser journeys: needs Debian's chromium and a webmail built without -Dskip.frontend");
    }
}
