package dev.valija.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** How often signing in may fail. Tries under way count, so that many at once get no further than one by one. */
@Component
class SignInLimits {
    private final SignInProperties properties;
    private final Cache<String, AtomicInteger> failures;

    SignInLimits(SignInProperties properties) {
        this.properties = properties;
        this.failures = Caffeine.newBuilder()
                .expireAfterWrite(properties.window())
                .maximumSize(100_000)
                .build();
    }

    /** A try from that client; closed without {@link Try#succeeded}, it has failed. */
    Try client(String address) {
        return begin("client " + network(address), properties.failuresPerClient());
    }

    /** A try of that login at that server. */
    Try login(LoginKey key) {
        var name = key.loginName().toLowerCase(Locale.ROOT);
        return begin("login " + key.host() + " " + key.port() + " " + name, properties.failuresPerLogin());
    }

    /** Counted as failed until it says otherwise. */
    static final class Try {
        private final AtomicInteger counter;

        private Try(AtomicInteger counter) {
            this.counter = counter;
        }

        void succeeded() {
            counter.decrementAndGet();
        }
    }

    private Try begin(String key, int limit) {
        var counter = failures.get(key, k -> new AtomicInteger());
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            throw new TooManyTries(properties.window());
        }
        return new Try(counter);
    }

    /** One customer has a whole IPv6 /64, so that is what counts. */
    private static String network(String address) {
        try {
            var parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
                    : parsed.getHostAddress();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private static final class TooManyTries extends ProblemException {
        private final Duration wait;

        TooManyTries(Duration wait) {
            super(Problem.TOO_MANY_REQUESTS, "Signing in has failed too often.");
            this.wait = wait;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(wait);
        }
    }
}
