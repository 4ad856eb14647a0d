package dev.valija.submission;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Takes what comes up to a limit, and refuses the rest as too large a request. */
final class BoundedOctets extends OutputStream {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final int most;
    private final String refusal;

    /** @param refusal what is told whoever sends more */
    BoundedOctets(int most, String refusal) {
        this.most = most;
        this.refusal = refusal;
    }

    byte[] toByteArray() {
        return octets.toByteArray();
    }

    @Override
    public void write(int octet) {
        room(1);
        octets.write(octet);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        room(length);
        octets.write(buffer, offset, length);
    }

    private void room(int length) {
        if (octets.size() + (long) length > most) {
            throw new ProblemException(Problem.REQUEST_TOO_LARGE, refusal);
        }
    }
}
