package dev.valija.upstream.imap;

import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.UpstreamException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps rejected sign-ins from becoming a storm: providers lock accounts for less. Other failures heal by themselves. */
final class LoginGate {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_FAILURES = 6;
    private static final int MOST_REJECTIONS = 2;

    private final Map<Long, Failures> accounts = new ConcurrentHashMap<>();

    private record Failure(long at, ServerLogin login) {}

    private static final class Failures {
        private final Deque<Failure> recent = new ArrayDeque<>();

        synchronized void add(Failure failure) {
            recent.addLast(failure);
        }

        synchronized void check(ServerLogin login) {
            forgetOld();
            long rejections = recent.stream()
                    .filter(failure -> failure.login.equals(login))
                    .count();
            if (rejections >= MOST_REJECTIONS) {
                throw new UpstreamException.CredentialsRejected(
                        "The mail server does not accept this user name and password.", null);
            }
            if (recent.size() >= MOST_FAILURES) {
                long age = System.nanoTime() - recent.getFirst().at;
                throw new UpstreamException.Unavailable(
                        "Too many failed sign-ins at the mail server; wait a little.", WINDOW.minusNanos(age), null);
            }
        }

        synchronized boolean empty() {
            forgetOld();
            return recent.isEmpty();
        }

        private void forgetOld() {
            long now = System.nanoTime();
            while (!recent.isEmpty() && now - recent.getFirst().at > WINDOW.toNanos()) {
                recent.removeFirst();
            }
        }
    }

    /** Throws what the server would, or says to wait, when it has been tried too often. */
    void check(ServerLogin login) {
        Failures failures = accounts.get(login.accountId());
        if (failures != null) {
            failures.check(login);
        }
    }

    void rejected(ServerLogin login) {
        accounts.computeIfAbsent(login.accountId(), id -> new Failures()).add(new Failure(System.nanoTime(), login));
    }

    void succeeded(ServerLogin login) {
        accounts.remove(login.accountId());
    }

    void sweep() {
        accounts.values().removeIf(Failures::empty);
    }
}
