package dev.valija;

import dev.valija.support.BrowserRun;
import dev.valija.support.DovecotServer;
import dev.valija.support.SmtpSink;
import dev.valija.support.TestCa;
import dev.valija.support.TestDatabase;
import java.nio.file.Path;
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
 * A message can do nothing to its reader: the vectors of {@code frontend/e2e/vectors} as mails, through Dovecot and the
 * API into the real page, one in sixteen with all layers of defence, one in sixty-four with layers taken away, by turns.
 * All of them with each layer taken away, which takes hours, or a file of further vectors, JSON lines with
 * {@code id} and {@code html}, go the same way by
 *
 * <pre>./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=VectorsIT -Dvectors.share=1</pre>
 *
 * <p>or {@code -Dvectors=more.jsonl}; {@code -Dvectors.sets=1,2,12} takes some of the sets, each whole, by their numbers
 * in {@code sets.mjs}.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"valija.data-dir=target/test-vectors", "valija.upstream.allowed-hosts=localhost"})
@Import(TestDatabase.class)
@Execution(ExecutionMode.SAME_THREAD)
class VectorsIT {
    private static final String USER = "anna@example.org";

    private static DovecotServer dovecot;
    private static SmtpSink smtp;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void startServers() {
        BrowserRun.assumePossible();
        dovecot = DovecotServer.start();
        smtp = SmtpSink.start();
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
    void noMessageDoesAnythingToItsReader() throws Exception {
        var run = BrowserRun.of("e2e/vectors/rig.mjs", port, USER, dovecot, smtp);
        var more = System.getProperty("vectors");
        var sets = System.getProperty("vectors.sets");
        var share = System.getProperty("vectors.share", more == null && sets == null ? "64" : "1");
        if (more != null) {
            run = run.with("VECTORS", Path.of(more).toAbsolutePath().toString());
        }
        if (sets != null) {
            run = run.with("SETS", sets);
        }
        run.with("SHARE", share).succeedsWithin(Duration.ofMinutes(share.equals("1") ? 120 : 20));
    }
}
