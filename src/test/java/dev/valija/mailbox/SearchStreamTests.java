package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.Api;
import dev.valija.support.LiveTest;
import dev.valija.support.Mails;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A search over real HTTP, whose reader loses interest. */
@LiveTest
class SearchStreamTests {
    @Autowired
    Api api;

    @LocalServerPort
    int port;

    @Test
    void hangingUpStopsTheSearchAtTheProviderThoughNothingIsFound() throws Exception {
        var nora = new ReaderAt(api, "search-nora");
        nora.store.holds(Mails.plain("One", "nothing of it"));
        MessageListApiTests.complete(nora, nora.inbox());
        var searching = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        nora.store.onLookBack(stretch -> {
            searching.countDown();
            try {
                new CountDownLatch(1).await(); // a server that never comes to an end
            } catch (InterruptedException e) {
                stopped.countDown();
                throw new IllegalStateException(e);
            }
        });
        try (var socket = new Socket("localhost", port)) {
            var lines = ask(socket, nora.visitor().token());
            assertThat(searching.await(10, TimeUnit.SECONDS)).isTrue();
            // Lines come though nothing is found, and the reader stays for some of them.
            for (int beats = 0; beats < 3; ) {
                var line = lines.readLine();
                assertThat(line).isNotNull();
                beats += line.contains("\"progress\"") ? 1 : 0;
            }
            assertThat(stopped.getCount()).isOne();
        }
        assertThat(stopped.await(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS))
                .as("the provider is left alone")
                .isTrue();
    }

    private static BufferedReader ask(Socket socket, String token) throws IOException {
        socket.getOutputStream()
                .write(("GET /api/v1/search?q=elephant HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n"
                                + "Authorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
