package dev.valija.mailbox;

import dev.valija.message.FileNames;
import dev.valija.message.FileType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * All attachments of a message in a zip that is written as they arrive, so that sizes and checksums follow the octets
 * (APPNOTE 4.3.9) and nothing is held but how each begins. What is compressed already is stored.
 */
final class AttachmentZip {
    private final Parts parts;
    private final List<FoundPart> attachments;
    private final Set<String> names = new HashSet<>();

    AttachmentZip(Parts parts, List<FoundPart> attachments) {
        this.parts = parts;
        this.attachments = attachments;
    }

    /** Writes it; until octets of the first attachment are here, nothing has been written. */
    void write(OutputStream out) throws IOException {
        // Not closed when something fails: the end of a zip says that it is whole.
        var zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        var unpacked = parts.unpacked(attachments);
        for (var each : attachments) {
            var entry = new Entry(zip, each, uniqueName(each.name()));
            var octets = unpacked.get(each.part().partId());
            if (octets == null) {
                parts.write(each, entry);
            } else {
                entry.write(octets);
            }
            entry.end();
        }
        zip.finish();
    }

    /** File systems that know no case are common. */
    private String uniqueName(String name) {
        // As written: in lower case an extension may be longer.
        var end = FileNames.extension(name).isEmpty() ? "" : name.substring(name.lastIndexOf('.'));
        var stem = name.substring(0, name.length() - end.length());
        var unique = name;
        for (int n = 2; !names.add(unique.toLowerCase(Locale.ROOT)); n++) {
            unique = stem + " (" + n + ")" + end;
        }
        return unique;
    }

    /** One file; what it is, and so how it is written, is told by how it begins. */
    private static final class Entry extends OutputStream {
        private final ZipOutputStream zip;
        private final FoundPart part;
        private final String name;
        private final byte[] first = new byte[FileType.OCTETS];
        private int held;
        private boolean begun;

        Entry(ZipOutputStream zip, FoundPart part, String name) {
            this.zip = zip;
            this.part = part;
            this.name = name;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            int taken = begun ? 0 : Math.min(length, first.length - held);
            System.arraycopy(octets, from, first, held, taken);
            held += taken;
            if (!begun && held == first.length) {
                begin();
            }
            if (begun) {
                zip.write(octets, from + taken, length - taken);
            }
        }

        void end() throws IOException {
            if (!begun) {
                begin();
            }
            zip.closeEntry();
        }

        private void begin() throws IOException {
            begun = true;
            var type = FileType.of(Arrays.copyOf(first, held), name, part.part().type());
            // A deflated stream of stored blocks: a stored entry would have to know its size before.
            zip.setLevel(type.isCompressed() ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED);
            var entry = new ZipEntry(name);
            entry.setTimeLocal(part.message()
                    .row()
                    .summary()
                    .receivedAt()
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDateTime());
            zip.putNextEntry(entry);
            zip.write(first, 0, held);
        }
    }
}
