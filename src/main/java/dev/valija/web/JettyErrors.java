package dev.valija.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What never reaches the application: requests that Jetty cannot read. It tells neither its version nor a trace. */
@Component
class JettyErrors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {
    private final JsonMapper json;

    JettyErrors(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(this::customize);
    }

    private void customize(Server server) {
        server.setErrorHandler(new ProblemErrors());
        for (var connector : server.getConnectors()) {
            for (var protocol : connector.getConnectionFactories()) {
                if (protocol instanceof HttpConfiguration.ConnectionFactory http) {
                    http.getHttpConfiguration().setSendServerVersion(false);
                    http.getHttpConfiguration().setSendXPoweredBy(false);
                    // Header fields remembered to be parsed quicker take 98 KB for each open connection.
                    http.getHttpConfiguration().setHeaderCacheSize(0);
                }
            }
        }
    }

    private final class ProblemErrors extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var document = Problems.ofStatus(response.getStatus()).document();
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getHeaders().put("X-Content-Type-Options", "nosniff");
            response.write(
                    true,
                    ByteBuffer.wrap(json.writeValueAsString(document).getBytes(StandardCharsets.UTF_8)),
                    callback);
            return true;
        }
    }
}
