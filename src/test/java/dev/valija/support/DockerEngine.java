package dev.valija.support;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;

/** Finds out without noise whether a Docker engine answers; Testcontainers logs an alarming page when none does. */
final class DockerEngine {

    private static final Path DEFAULT_SOCKET = Path.of("/var/run/docker.sock");
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private DockerEngine() {}

    static boolean answers() {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "unix://" + DEFAULT_SOCKET);
        if (host.startsWith("unix://")) {
            Path socket = Path.of(host.substring("unix://".length()));
            return Files.exists(socket) && pings(socket);
        }
        return DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean pings(Path socket) {
        Thread watchdog = null;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A socket that accepts and stays silent must not hang the tests.
            watchdog = Thread.startVirtualThread(() -> closeAfterPatience(channel));
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(64);
            channel.read(answer);
            String status = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
            return status.matches("(?s)HTTP/1\\.\\d 200.*");
        } catch (IOException e) {
            return false;
        } finally {
            if (watchdog != null) {
                watchdog.interrupt();
            }
        }
    }

    private static void closeAfterPatience(SocketChannel channel) {
        try {
            Thread.sleep(PATIENCE);
            channel.close();
        } catch (InterruptedException | IOException answered) {
            // nothing left to guard
        }
    }
}
