package dev.valija.demo;

import dev.valija.message.OutgoingAttachment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Small files that are what they say: each opens in the program for its kind. The same name gives the same file. */
final class DemoFiles {
    private static final int HILLS = 4;

    private DemoFiles() {}

    static OutgoingAttachment of(String kind, String name) {
        return switch (kind) {
            case "png" -> image(name, null);
            case "pdf" -> new OutgoingAttachment(name, "application/pdf", null, pdf(name));
            case "csv" -> new OutgoingAttachment(name, "text/csv", null, csv());
            case "zip" -> new OutgoingAttachment(name, "application/zip", null, zip());
            default -> throw new IllegalArgumentException("no such kind of file: " + kind);
        };
    }

    /** A picture; shown within the HTML where it has a Content-ID. */
    static OutgoingAttachment image(String name, @Nullable String contentId) {
        return new OutgoingAttachment(name, "image/png", contentId, png(480, 320, name.hashCode()));
    }

    /** A landscape of hills in colours that depend on the seed (PNG, 8-bit RGB). */
    private static byte[] png(int width, int height, int seed) {
        var crests = new double[HILLS][width];
        for (int hill = 0; hill < HILLS; hill++) {
            for (int x = 0; x < width; x++) {
                crests[hill][x] = height * (0.4 + 0.15 * hill)
                        + 22 * Math.sin((x + seed % 97) / (47.0 + 9 * hill) + hill * 1.7)
                        + 9 * Math.sin(x / (12.0 + hill) + (double) (seed % 13));
            }
        }
        var colours = new byte[HILLS + 1][];
        for (int layer = 0; layer <= HILLS; layer++) {
            double light = layer == 0 ? 0.85 : 0.72 - 0.14 * layer;
            double angle = Math.toRadians(Math.floorMod(seed, 360) + 22.0 * layer);
            colours[layer] = new byte[] {
                channel(light, 0.16 * Math.cos(angle)),
                channel(light, 0.16 * Math.cos(angle - 2.1)),
                channel(light, 0.16 * Math.cos(angle + 2.1))
            };
        }
        var pixels = new byte[height * (1 + 3 * width)];
        int at = 0;
        for (int y = 0; y < height; y++) {
            pixels[at++] = 0; // no filter
            for (int x = 0; x < width; x++) {
                int layer = 0;
                for (int hill = 0; hill < HILLS; hill++) {
                    layer = y > crests[hill][x] ? hill + 1 : layer;
                }
                System.arraycopy(colours[layer], 0, pixels, at, 3);
                at += 3;
            }
        }
        var header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflated(pixels));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static byte channel(double light, double tint) {
        return (byte) Math.clamp(Math.round(255 * (light + tint)), 0, 255);
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        var name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] data) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        deflater.setInput(data);
        deflater.finish();
        var out = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** One page with a heading and lines (PDF 1.4). */
    private static byte[] pdf(String name) {
        var title = name.chars().allMatch(c -> c < 128) ? name.replace(".pdf", "") : "Document";
        var text = new StringBuilder("BT /F1 24 Tf 72 760 Td (").append(title).append(") Tj /F1 11 Tf 0 -36 Td\n");
        for (int line = 1; line <= 20; line++) {
            text.append("(")
                    .append(line)
                    .append(". This line stands for the many lines such a document has.) Tj 0 -18 Td\n");
        }
        text.append("ET");
        var objects = List.of(
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                        + " /Resources << /Font << /F1 5 0 R >> >> >>",
                "<< /Length " + text.length() + " >>\nstream\n" + text + "\nendstream",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        var out = new StringBuilder("%PDF-1.4\n");
        var offsets = new ArrayList<Integer>();
        for (int i = 0; i < objects.size(); i++) {
            offsets.add(out.length());
            out.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
        }
        int table = out.length();
        out.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        offsets.forEach(offset -> out.append("%010d 00000 n \n".formatted(offset)));
        out.append("trailer << /Size ").append(objects.size() + 1).append(" /Root 1 0 R >>\nstartxref\n");
        return out.append(table).append("\n%%EOF\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] csv() {
        var rows = new StringBuilder("month,requests,cost\r\n");
        for (int month = 1; month <= 12; month++) {
            rows.append("2025-%02d,%d,%d.%02d\r\n".formatted(month, 800_000 + 37_000 * month, 40 + month, 7 * month));
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (String voice : List.of("soprano", "alto", "tenor", "bass")) {
                var entry = new ZipEntry("spring-concert/" + voice + ".pdf");
                entry.setTime(1_760_000_000_000L);
                zip.putNextEntry(entry);
                zip.write(pdf(voice + ".pdf"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
