package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A script of {@code frontend/e2e} that drives Chromium in front of the application under test. */
public final class BrowserRun {
    private static final Path FRONTEND = Path.of("frontend");

    private final String script;
    private final Map<String, String> environment;

    private BrowserRun(String script, Map<String, String> environment) {
        this.script = script;
        this.environment = environment;
    }

    /** The script for a user whose servers are these. */
    public static BrowserRun of(String script, int port, String user, DovecotServer dovecot, SmtpSink smtp) {
        return new BrowserRun(
                script,
                Map.of(
                        "BASE_URL",
                        "http://127.0.0.1:" + port,
                        "USER1",
                        user,
                        "PASSWORD1",
                        DovecotServer.PASSWORD,
                        "HOST",
                        DovecotServer.HOST,
                        "HOST_NAME",
                        DovecotServer.HOST,
                        "SERVER_IMAP_PORT",
                        Integer.toString(dovecot.imaps().port()),
                        "SERVER_SMTP_PORT",
                        Integer.toString(smtp.settings().port())));
    }

    /** The same with one more variable. */
    public BrowserRun with(String name, String value) {
        var more = new HashMap<>(environment);
        more.put(name, value);
        return new BrowserRun(script, more);
    }

    /** Runs it; what it prints goes to our output. */
    public void succeedsWithin(Duration limit) throws Exception {
        var run =
                new ProcessBuilder("node", script).directory(FRONTEND.toFile()).redirectErrorStream(true);
        run.environment().putAll(environment);
        var running = run.start();
        // Not inherited: Surefire talks to this JVM over its standard output.
        var told = Thread.ofVirtual().start(() -> running.inputReader().lines().forEach(System.out::println));
        try {
            assertThat(running.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends", script)
                    .isTrue();
            assertThat(running.exitValue())
                    .as("exit code of frontend/%s", script)
                    .isZero();
        } finally {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
            told.join();
        }
    }

    /** Skips the test where there is no browser or no webmail to show; with CI=true that is a failure. */
    public static void assumePossible() {
        boolean there = Files.isExecutable(Path.of("/usr/bin/chromium"))
                && Files.isDirectory(FRONTEND.resolve("dist"))
                && Files.isDirectory(FRONTEND.resolve("node_modules"));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there)
                    .as("Chromium and the built webmail must be there in CI")
                    .isTrue();
        }
        Assumptions.assumeTrue(
                there, "no browser here: needs Debian's chromium and a webmail built without -Dskip.frontend");
    }
}
