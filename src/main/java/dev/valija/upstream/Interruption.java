package dev.valija.upstream;

import org.jspecify.annotations.Nullable;

/** Ends work at a provider that is going on: the only way to stop a server that searches is to hang up. Once for all. */
public final class Interruption {
    private @Nullable Runnable hangUp;
    private boolean interrupted;

    /** From any thread; what is going on fails at once, and what comes later is not begun. */
    public void interrupt() {
        Runnable running;
        synchronized (this) {
            interrupted = true;
            running = hangUp;
        }
        if (running != null) {
            running.run();
        }
    }

    public synchronized boolean interrupted() {
        return interrupted;
    }

    /**
     * Work begins; there is one at a time.
     *
     * @param howToEnd ends it, from another thread
     * @throws UpstreamException.Unavailable when it is not to begin any more
     */
    public synchronized void begins(Runnable howToEnd) {
        if (interrupted) {
            throw new UpstreamException.Unavailable("The work was interrupted.", null);
        }
        hangUp = howToEnd;
    }

    /** The work has ended by itself. */
    public synchronized void ends() {
        hangUp = null;
    }
}
