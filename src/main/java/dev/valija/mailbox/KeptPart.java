package dev.valija.mailbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * A decoded part in a file, of which any stretch can be had. Encrypted with a key of its own that is in memory only
 * (AES-CTR: a stretch is deciphered without what stands before it; each key is used for one file, written once).
 */
final class KeptPart {
    private static final int BLOCK = 16;

    private final Path file;
    private final SecretKey key;
    private final long size;
    private final byte[] first;

    KeptPart(Path file, SecretKey key, long size, byte[] first) {
        this.file = file;
        this.key = key;
        this.size = size;
        this.first = first;
    }

    /** Octets. */
    long size() {
        return size;
    }

    /** How it begins, for telling what it is. */
    byte[] first() {
        return first;
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Writes all of it there; close it to have it whole. */
    static OutputStream writing(Path file, SecretKey key) throws IOException {
        return new CipherOutputStream(Files.newOutputStream(file), cipher(Cipher.ENCRYPT_MODE, key, 0));
    }

    /** Writes a stretch. @throws java.nio.file.NoSuchFileException when it has been removed */
    void write(long from, long count, OutputStream out) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var cipher = cipher(Cipher.DECRYPT_MODE, key, from / BLOCK);
            int lead = (int) (from % BLOCK);
            long left = count + lead;
            long at = from - lead;
            var buffer = ByteBuffer.allocate(64 << 10);
            while (left > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int read = channel.read(buffer, at);
                if (read < 0) {
                    throw new IOException("a kept part is shorter than it was");
                }
                byte[] plain = cipher.update(buffer.array(), 0, read);
                out.write(plain, lead, plain.length - lead);
                lead = 0;
                at += read;
                left -= read;
            }
        }
    }

    private static Cipher cipher(int mode, SecretKey key, long block) {
        try {
            var counter = ByteBuffer.allocate(BLOCK).putLong(0).putLong(block).array();
            var cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, key, new IvParameterSpec(counter));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
