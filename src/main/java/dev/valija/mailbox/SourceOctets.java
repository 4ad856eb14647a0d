package dev.valija.mailbox;

import dev.valija.upstream.MessageSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;

/** A {@link MessageSource} as octets: the header, the structure in JSON, the parts; each with its length before it. */
final class SourceOctets {

    static byte[] write(MessageSource source) {
        var octets = new ByteArrayOutputStream(size(source) + 1024);
        try (var out = new DataOutputStream(octets)) {
            write(out, source.header());
            write(out, MessageJson.write(source.structure()).getBytes(StandardCharsets.UTF_8));
            out.writeInt(source.parts().size());
            for (var part : source.parts().entrySet()) {
                write(out, part.getKey().getBytes(StandardCharsets.UTF_8));
                write(out, part.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** @throws IOException when they are none of ours */
    static MessageSource read(byte[] octets) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(octets));
        var header = piece(in);
        var structure = MessageJson.structure(new String(piece(in), StandardCharsets.UTF_8));
        var parts = new HashMap<String, byte[]>();
        for (int left = in.readInt(); left > 0; left--) {
            parts.put(new String(piece(in), StandardCharsets.UTF_8), piece(in));
        }
        return new MessageSource(header, structure, parts);
    }

    /** Octets of mail in it. */
    static int size(MessageSource source) {
        return source.header().length
                + source.parts().values().stream().mapToInt(part -> part.length).sum();
    }

    private static void write(DataOutputStream out, byte[] piece) throws IOException {
        out.writeInt(piece.length);
        out.write(piece);
    }

    private static byte[] piece(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("not written by us");
        }
        return in.readNBytes(length);
    }

    private SourceOctets() {}
}
