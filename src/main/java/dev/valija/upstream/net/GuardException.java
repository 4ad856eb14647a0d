package dev.valija.upstream.net;

import java.io.IOException;

/** A server went past what we are willing to take from it: an endless line, a monstrous literal. */
public final class GuardException extends IOException {
    public GuardException(String message) {
        super(message);
    }
}
