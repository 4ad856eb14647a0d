package dev.valija.upstream.pop3;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.Upstream.MaildropWork;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.Dialer;
import dev.valija.upstream.net.UpstreamProperties;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Opens maildrops. Nothing is kept warm: a maildrop shows new mail in a new session only, and is locked meanwhile. */
@Component
public final class Maildrops {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_SIGN_INS = 6;

    private final Dialer dialer;
    private final Duration patience;
    private final Cache<String, Deque<Long>> signIns = Caffeine.newBuilder()
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .maximumSize(100_000)
            .build();

    Maildrops(Dialer dialer, UpstreamProperties settings) {
        this.dialer = dialer;
        this.patience = settings.readTimeout();
    }

    /** See {@link dev.valija.upstream.Upstream#withMaildrop}. */
    public <T, X extends Exception> T with(MaildropLogin login, MaildropWork<T, X> work) throws X {
        enter(login);
        try (var connection = Pop3Connection.open(dialer, login, patience)) {
            return work.with(new Pop3Maildrop(connection));
        }
    }

    /** Providers lock accounts for too many sign-ins, good or bad. */
    private void enter(MaildropLogin login) {
        var name = "%s %d %s"
                .formatted(
                        login.server().host(),
                        login.server().port(),
                        login.credentials().username().toLowerCase(Locale.ROOT));
        var times = signIns.get(name, key -> new ArrayDeque<>());
        synchronized (times) {
            long now = System.nanoTime();
            times.removeIf(then -> now - then > WINDOW.toNanos());
            if (times.size() >= MOST_SIGN_INS) {
                var wait = WINDOW.minusNanos(now - times.getFirst());
                throw new UpstreamException.Unavailable(
                        "Too many sign-ins at the mail server; wait a little.", wait, null);
            }
            times.addLast(now);
        }
    }
}
