package dev.valija.collection;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** One message on its way, in a file without a name: it goes with whoever has it, however that ends. */
final class Spool implements Closeable {
    private static final int LONGEST_HEADER = 256 << 10;

    private final FileChannel file;
    private final MessageHash hash = new MessageHash();

    Spool(Path directory) throws IOException {
        // The name is taken off as soon as it is open.
        file = FileChannel.open(
                directory.resolve(UUID.randomUUID().toString()),
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /**
     * Takes the message in.
     *
     * @param moves is told each time that something has come
     */
    OutputStream out(Runnable moves) {
        var out = Channels.newOutputStream(file);
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                moves.run();
                hash.update(octets, offset, length);
                out.write(octets, offset, length);
            }
        };
    }

    long size() throws IOException {
        return file.size();
    }

    /** What it is told from others by. To be asked once, at its end. */
    byte[] hash() {
        return hash.digest();
    }

    /** The beginning, with all of the header that is looked at. */
    byte[] header() throws IOException {
        var octets = ByteBuffer.allocate((int) Math.min(LONGEST_HEADER, file.size()));
        while (octets.hasRemaining() && file.read(octets, octets.position()) >= 0) {
            // Until it is full.
        }
        return octets.array();
    }

    /** Gives the message out, from its beginning. */
    InputStream in() throws IOException {
        file.position(0);
        return new FilterInputStream(Channels.newInputStream(file)) {
            @Override
            public void close() {
                // The message stays until the spool goes.
            }
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
