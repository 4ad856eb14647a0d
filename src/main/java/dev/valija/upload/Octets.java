package dev.valija.upload;

import dev.valija.account.Seal;
import dev.valija.upload.UploadRows.Chunk;
import dev.valija.upload.UploadRows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The octets of one upload, encrypted in stretches: no more than one is in memory, in either direction. A stretch counts
 * once it is committed, and each commit names how far the upload was before: of two who write at once, one goes on.
 */
final class Octets {
    /** A stretch; a lost connection costs no more than what had not filled one, and that is kept too. */
    static final int STRETCH = 256 << 10;

    private final UploadRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Row row;
    private final Seal seal;

    Octets(UploadRows rows, TransactionTemplate transaction, Clock clock, Row row, Seal seal) {
        this.rows = rows;
        this.transaction = transaction;
        this.clock = clock;
        this.row = row;
        this.seal = seal;
    }

    /**
     * Takes what comes, from where the upload is.
     *
     * @return where it is then, all before it durable
     * @throws IOException when the sender was lost; what had come is kept
     * @throws TusProblem conflict when somebody else was faster; request-too-large for more than was announced
     */
    long append(InputStream body) throws IOException {
        long length = row.upload().length();
        long offset = row.upload().offset();
        var arriving = new Arriving(body);
        var buffer = new byte[STRETCH];
        int filled = begun(buffer);
        while (offset < length && !arriving.ended()) {
            long start = offset - filled;
            filled = arriving.fill(buffer, filled, (int) Math.min(STRETCH, length - start));
            if (start + filled == length && arriving.goesOn()) {
                throw TusProblem.tooLarge("More has come than was announced.");
            }
            if (start + filled > offset) {
                keep(offset, start, Arrays.copyOf(buffer, filled));
                offset = start + filled;
            }
            filled = 0;
        }
        arriving.tellLoss();
        return offset;
    }

    /** Writes all of it. @throws IllegalStateException when it is not as it was kept */
    void writeTo(OutputStream out) throws IOException {
        long length = row.upload().length();
        for (long at = 0; at < length; ) {
            var chunk = rows.chunk(row.key(), at).orElseThrow(Octets::damaged);
            var octets = open(chunk);
            if (octets.length == 0 || octets.length > length - at) {
                throw damaged();
            }
            out.write(octets);
            at += octets.length;
        }
    }

    /** The first stretch; empty where there is none. */
    byte[] beginning() {
        return rows.chunk(row.key(), 0).map(this::open).orElseGet(() -> new byte[0]);
    }

    /** What the last stretch has, if it is not full: it grows instead of another being begun. */
    private int begun(byte[] buffer) {
        var last = rows.lastChunk(row.key()).orElse(null);
        if (last == null || row.upload().offset() - last.start() >= STRETCH) {
            return 0;
        }
        var octets = open(last);
        if (last.start() + octets.length != row.upload().offset()) {
            // Somebody writes right now, and what we were told of it is old.
            throw TusProblem.wrongOffset(last.start() + octets.length);
        }
        System.arraycopy(octets, 0, buffer, 0, octets.length);
        return octets.length;
    }

    private void keep(long from, long start, byte[] octets) {
        long to = start + octets.length;
        var sealed = seal.seal(place(start), octets);
        transaction.executeWithoutResult(status -> {
            if (!rows.advance(row.key(), from, to, expiresAt(to))) {
                throw rows.find(row.key())
                        .map(now -> TusProblem.wrongOffset(now.upload().offset()))
                        .orElseThrow(TusProblem::notFound);
            }
            rows.put(row.key(), new Chunk(start, sealed));
        });
    }

    private Instant expiresAt(long received) {
        var kept = received == row.upload().length() ? Uploads.FINISHED : Uploads.UNFINISHED;
        return clock.instant().plus(kept);
    }

    private byte[] open(Chunk chunk) {
        return seal.open(place(chunk.start()), chunk.sealed()).orElseThrow(Octets::damaged);
    }

    private String place(long start) {
        return "upload_chunk.sealed." + row.key() + "." + start;
    }

    private static IllegalStateException damaged() {
        return new IllegalStateException("an upload is not as it was kept");
    }
}
