package dev.valija.demo;

import static dev.valija.demo.DemoSetup.freePort;

import dev.valija.account.DemoSignIn;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * Starts Valija from its jar beside the demo's mail server, does with it what people do most, and ends it. With {@code
 * -XX:AOTCacheOutput=FILE} among its options the JVM writes down what it has loaded and learnt meanwhile (JEP 514, 515);
 * one that is given the file is ready sooner, and its first requests run as if there had been others before.
 *
 * <pre>java -cp CLASSES dev.valija.demo.Rehearsal java -XX:AOTCacheOutput=valija.aot @java-options -jar valija.jar</pre>
 *
 * <p>The cache holds for that JVM, these options and that jar, each with its time stamp, and for nothing else.
 */
final class Rehearsal {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofMinutes(5);
    private static final List<DemoSignIn> PEOPLE = List.of(
            new DemoSignIn("anna@" + DemoSetup.DOMAIN, DemoConfiguration.PASSWORD),
            new DemoSignIn("luis@" + DemoSetup.DOMAIN, DemoConfiguration.PASSWORD));

    private Rehearsal() {}

    /**
     * Runs it.
     *
     * @param command the JVM with its options and the jar
     */
    public static void main(String[] command) throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("rehearsal");
        var site = new DemoSite(directory, DemoCa.in(directory), freePort(3993), freePort(3465), freePort(3995));
        var server = new DemoServer(site, new DemoProperties(Duration.ZERO, Duration.ZERO, 0), PEOPLE);
        try {
            server.start();
            run(List.of(command), site);
        } finally {
            server.stop();
            FileSystemUtils.deleteRecursively(directory);
        }
        System.exit(0); // GreenMail leaves threads behind
    }

    private static void run(List<String> command, DemoSite site) throws IOException, InterruptedException {
        int port = freePort(8080);
        var valija = start(command, site, port);
        try {
            var deadline = System.nanoTime() + START.toNanos();
            var user = new RehearsalUser(port);
            while (!user.isServed()) {
                if (valija.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    throw new IllegalStateException("Valija does not become ready");
                }
            }
            for (var person : PEOPLE) {
                user.doTheUsual(person);
            }
            valija.destroy();
            if (!valija.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Valija does not end");
            }
        } finally {
            valija.destroyForcibly();
        }
    }

    private static Process start(List<String> command, DemoSite site, int port) throws IOException {
        var arguments = new ArrayList<>(command);
        DemoSetup.servers(site).forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--valija.upstream.allowed-hosts=" + DemoSetup.HOST);
        arguments.add("--valija.upstream.trusted-certificates=" + site.ca().pem());
        var builder = new ProcessBuilder(arguments).inheritIO();
        builder.environment().keySet().removeIf(name -> name.startsWith("VALIJA_"));
        builder.environment()
                .putAll(Map.of(
                        "VALIJA_DATA_DIR", site.directory().resolve("data").toString(),
                        "VALIJA_PORT", Integer.toString(port)));
        return builder.start();
    }
}
