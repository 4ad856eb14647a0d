package dev.valija.upstream.http;

import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.WebAddress;
import dev.valija.upstream.net.Deadline;
import dev.valija.upstream.net.Failures;
import dev.valija.upstream.net.GuardedSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on a connection of their own. The reading and writing of HTTP/1.1 is HttpCore's, which
 * opens no connection: it is given ours, so there is nothing in it to forbid (name look-ups, proxies, pools, cookies,
 * redirects and retries are HttpClient's, and java.net.http takes no socket).
 */
public final class Exchange {
    private static final Http1Config BOUNDS = Http1Config.custom()
            .setBufferSize(8 << 10)
            .setMaxLineLength(16 << 10)
            .setMaxHeaderCount(100)
            .setMaxEmptyLineCount(4)
            .build();
    private static final int HEADER_OCTETS = 256 << 10;
    private static final int MOST_INTERIM_ANSWERS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The same for everybody and for years: it tells nothing of who reads. */
    private static final String USER_AGENT = "Mozilla/5.0 (compatible; MailImageProxy/1.0)";

    private Exchange() {}

    /**
     * What is asked.
     *
     * @param form the body, application/x-www-form-urlencoded
     */
    public record Request(
            String method,
            WebAddress address,
            List<Header> fields,
            @Nullable String form) {}

    /**
     * What is answered.
     *
     * @param location where a redirect leads, as it was written
     * @param body of a 200; otherwise empty, for nobody reads the others
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Response(int status, @Nullable String location, byte[] body) {}

    /** A header field. */
    public static Header field(String name, String value) {
        return new BasicHeader(name, value);
    }

    /**
     * Asks and closes the connection.
     *
     * @param longest most octets of a body
     * @param length most time for all of it
     */
    public static Response over(GuardedSocket socket, Request request, int longest, Duration length) {
        var deadline = new Deadline(socket, length);
        try (socket;
                deadline) {
            socket.patience(PATIENCE);
            // A body in chunks of a few octets may take twice its length, and no more.
            socket.expect(HEADER_OCTETS + 2L * longest);
            var connection = new DefaultBHttpClientConnection(BOUNDS);
            connection.bind(socket);
            var message = message(request);
            connection.sendRequestHeader(message);
            if (message.getEntity() != null) {
                connection.sendRequestEntity(message);
            }
            connection.flush();
            return read(connection, longest);
        } catch (HttpException | MessageConstraintException e) {
            throw new UpstreamException.ProtocolViolation("The server does not speak HTTP as it should.", e);
        } catch (IOException e) {
            if (deadline.passed()) {
                throw new UpstreamException.TimedOut("The server did not answer in time.", e);
            }
            throw Failures.of(e);
        }
    }

    private static ClassicHttpRequest message(Request request) {
        var message =
                new BasicClassicHttpRequest(request.method(), request.address().target());
        message.setHeader(HttpHeaders.HOST, request.address().authority());
        message.setHeader(HttpHeaders.USER_AGENT, USER_AGENT);
        message.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        message.setHeader(HttpHeaders.CONNECTION, "close");
        request.fields().forEach(message::setHeader);
        if (request.form() != null) {
            var body = new StringEntity(
                    request.form(), ContentType.APPLICATION_FORM_URLENCODED.withCharset(StandardCharsets.US_ASCII));
            message.setEntity(body);
            message.setHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
            message.setHeader(HttpHeaders.CONTENT_LENGTH, body.getContentLength());
        }
        return message;
    }

    private static Response read(DefaultBHttpClientConnection connection, int longest)
            throws HttpException, IOException {
        var head = connection.receiveResponseHeader();
        for (int i = 0; head.getCode() < 200; i++) {
            if (i == MOST_INTERIM_ANSWERS || head.getCode() == 101) {
                throw new HttpException("endless interim answers");
            }
            head = connection.receiveResponseHeader();
        }
        return new Response(
                head.getCode(),
                value(head, HttpHeaders.LOCATION),
                head.getCode() == 200 && longest > 0 ? body(connection, head, longest) : new byte[0]);
    }

    private static byte[] body(DefaultBHttpClientConnection connection, ClassicHttpResponse head, int longest)
            throws HttpException, IOException {
        var encoding = value(head, HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new HttpException("compressed though we asked for none");
        }
        connection.receiveResponseEntity(head);
        var entity = head.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        if (entity.getContentLength() > longest) {
            throw new HttpException("longer than we take");
        }
        var octets = entity.getContent().readNBytes(longest + 1);
        if (octets.length > longest) {
            throw new HttpException("longer than we take");
        }
        return octets;
    }

    private static @Nullable String value(ClassicHttpResponse head, String name) {
        var field = head.getFirstHeader(name);
        return field == null ? null : field.getValue();
    }
}
