package dev.valija.upstream.net;

import dev.valija.upstream.UpstreamException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns a host into addresses, within a deadline. */
final class Resolver {

    /** Platform threads: a look-up is a native call, and would hold the carrier of a virtual one. */
    private static final ExecutorService LOOKUPS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("resolver-", 0).factory());

    private final Network network;

    Resolver(Network network) {
        this.network = network;
    }

    List<InetAddress> resolve(String canonical, Duration patience) {
        Callable<InetAddress[]> lookup = () -> network.lookUp(canonical);
        Future<InetAddress[]> answer = LOOKUPS.submit(lookup);
        try {
            return List.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw new UpstreamException.UnknownHost("No server was found under that name.", unknown);
            }
            throw new UpstreamException.Unavailable("The server's name could not be looked up.", e);
        } catch (TimeoutException e) {
            throw new UpstreamException.TimedOut("The server's name could not be looked up in time.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException.Unavailable("Interrupted while looking up the server.", e);
        } finally {
            answer.cancel(true);
        }
    }
}
