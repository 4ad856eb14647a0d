package dev.valija.upstream;

import dev.valija.upstream.http.Exchange;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Asks web servers that a mail names, over TLS and through the one dialer, every redirect included. Nothing is told of
 * the reader: no cookie, no referrer, no language, the same words for everybody.
 */
@Component
public final class Https {
    private static final int MOST_REDIRECTS = 3;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Dialer dialer;

    public Https(Dialer dialer) {
        this.dialer = dialer;
    }

    /**
     * What a server said at last.
     *
     * @param status as RFC 9110 15 has it
     * @param body of a 200; otherwise empty
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Answer(int status, byte[] body) {}

    /**
     * GET, following up to three redirects.
     *
     * @param accept media types wanted
     * @param longest most octets of a body
     * @throws UpstreamException as the dialer does, and ProtocolViolation for an answer that is too long, compressed
     *     though we asked for none, a redirect too many, or no HTTP
     */
    public Answer get(WebAddress address, String accept, int longest) {
        long end = System.nanoTime() + LONGEST.toNanos();
        var here = address;
        for (int redirects = 0; ; redirects++) {
            var answer = exchange(
                    here,
                    new Exchange.Request("GET", here, List.of(Exchange.field("Accept", accept)), null),
                    longest,
                    end);
            if (!REDIRECTS.contains(answer.status()) || answer.location() == null) {
                return new Answer(answer.status(), answer.body());
            }
            if (redirects == MOST_REDIRECTS) {
                throw new UpstreamException.ProtocolViolation(
                        "The server sends us from one address to the next.", null);
            }
            here = here.resolve(answer.location())
                    .orElseThrow(() -> new UpstreamException.ProtocolViolation(
                            "The server sends us to an address that is none.", null));
        }
    }

    /**
     * POST of a form (application/x-www-form-urlencoded), once. A redirect is not followed: it is the answer.
     *
     * @return the status
     * @throws UpstreamException as {@link #get} does
     */
    public int post(WebAddress address, String form) {
        long end = System.nanoTime() + LONGEST.toNanos();
        var request = new Exchange.Request("POST", address, List.of(), form);
        return exchange(address, request, 0, end).status();
    }

    private Exchange.Response exchange(WebAddress address, Exchange.Request request, int longest, long end) {
        var server = new ServerSettings(address.host(), address.port(), Security.TLS);
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
            throw new UpstreamException.TimedOut("The server did not answer in time.", null);
        }
        return Exchange.over(dialer.dial(server, Dialect.HTTP), request, longest, left);
    }
}
