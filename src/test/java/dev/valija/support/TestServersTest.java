package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The test servers can be relied upon themselves. */
class TestServersTest {

    @Test
    void greenMailShowsTheCertificateOfTheTestAuthority() throws Exception {
        try (var server = GreenMailServer.start()) {
            assertThat(greeting(server.imaps())).startsWith("* OK");
            assertThat(greeting(server.smtps())).startsWith("220 ");
            assertThat(greeting(server.pop3s())).startsWith("+OK");
        }
    }

    @Test
    void badCertificatesAreBad() {
        ScriptedServer.Script hello = dialogue -> dialogue.say("hello");
        for (var bad : new TestCa.Certificate[] {TestCa.expired(), TestCa.wrongName(), TestCa.unknownIssuer()}) {
            try (var server = ScriptedServer.tls(bad, hello)) {
                var settings = server.settings(dev.valija.upstream.Security.TLS);
                assertThatThrownBy(() -> greeting(settings)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aScriptAnswersByItsRules() throws Exception {
        var script = new ImapScript("IMAP4rev1").once("SELECT .*", "* 3 EXISTS", "{tag} OK done");
        try (var server = ScriptedServer.tls(script);
                var client = connect(server.settings(dev.valija.upstream.Security.TLS))) {
            var in = new java.io.BufferedReader(new java.io.InputStreamReader(client.getInputStream()));
            assertThat(in.readLine()).isEqualTo("* OK ready");
            client.getOutputStream().write("a1 select INBOX\r\na2 SELECT INBOX\r\n".getBytes());
            assertThat(in.readLine()).isEqualTo("* 3 EXISTS");
            assertThat(in.readLine()).isEqualTo("a1 OK done");
            assertThat(in.readLine()).startsWith("a2 BAD");
            assertThat(server.received()).containsExactly("a1 select INBOX", "a2 SELECT INBOX");
        }
    }

    static String greeting(ServerSettings server) throws IOException {
        try (var socket = connect(server)) {
            return new String(socket.getInputStream().readNBytes(4));
        }
    }

    private static SSLSocket connect(ServerSettings server) throws IOException {
        var socket = (SSLSocket) TestCa.clientContext().getSocketFactory().createSocket(server.host(), server.port());
        var parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
