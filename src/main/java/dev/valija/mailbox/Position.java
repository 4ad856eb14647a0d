package dev.valija.mailbox;

import dev.valija.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Where a page begins. Its text form, the cursor, says nothing to clients and holds only for the list it came from. */
sealed interface Position {

    /** After so many rows. */
    record Offset(int rows) implements Position {
        /** Where a list begins. */
        static final Offset TOP = new Offset(0);
    }

    /**
     * After a row of the index: exact, however many messages come and go before it.
     *
     * @param key what the list is sorted by, as text; empty where that is the time of arrival
     * @param tie what tells equals apart: the message's arrival, or its id in a list of several mailboxes
     */
    record After(String key, Instant receivedAt, long tie) implements Position {}

    /** The page that ends before a row. */
    record Before(After row) implements Position {}

    int VERSION = 2;

    /** The cursor of this position in the list called {@code scope}. */
    default String cursor(String scope) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(scope.hashCode());
            switch (this) {
                case Offset offset -> {
                    out.writeByte('o');
                    out.writeInt(offset.rows());
                }
                case After after -> {
                    out.writeByte('a');
                    write(out, after);
                }
                case Before before -> {
                    out.writeByte('b');
                    write(out, before.row());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Reads a cursor. @throws ProblemException invalid-request when it is none, or another list's */
    static Position of(String cursor, String scope) {
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                if (in.readUnsignedByte() != VERSION || in.readInt() != scope.hashCode()) {
                    throw bad();
                }
                var position = read(in);
                if (in.read() >= 0) {
                    throw bad();
                }
                return position;
            }
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException | IOException e) {
            throw bad();
        }
    }

    /** The complaint about a cursor that cannot be used. */
    static ProblemException bad() {
        return ProblemException.invalid("cursor", "is not a cursor of this list");
    }

    private static void write(DataOutputStream out, After row) throws IOException {
        out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, row.receivedAt()));
        out.writeLong(row.tie());
        out.writeUTF(row.key());
    }

    private static Position read(DataInputStream in) throws IOException {
        switch (in.readUnsignedByte()) {
            case 'o' -> {
                int rows = in.readInt();
                if (rows >= 0) {
                    return new Offset(rows);
                }
            }
            case 'a' -> {
                return readRow(in);
            }
            case 'b' -> {
                return new Before(readRow(in));
            }
            default -> {
                // told below
            }
        }
        throw bad();
    }

    private static After readRow(DataInputStream in) throws IOException {
        var receivedAt = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
        long tie = in.readLong();
        var key = in.readUTF();
        if (ApiTime.shown(receivedAt) == null || key.indexOf('\0') >= 0) {
            throw bad();
        }
        return new After(key, receivedAt, tie);
    }
}
