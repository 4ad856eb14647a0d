package dev.valija.problem;

import java.io.IOException;

/**
 * Something failed when part of an answer was on its way. All that is left is to break the connection off: a problem
 * document at the end of half a file, or an end that looks like one, would make it look whole.
 */
public final class CutShort extends IOException {
    public CutShort(Exception cause) {
        super("an answer was cut short", cause);
    }
}
