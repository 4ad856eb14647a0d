package dev.valija.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, told by its first octets. What a mail says of it counts only among kinds of text, and its name only
 * where it narrows what the octets say (a Word document is a zip file).
 *
 * @param type the media type, in lower case, without parameters; {@code application/octet-stream} where nobody knows
 * @param preview how it can be shown without danger, or null
 */
public record FileType(String type, @Nullable Preview preview) {
    /** How many octets it takes to tell. */
    public static final int OCTETS = 8192;

    private static final String UNKNOWN = "application/octet-stream";
    private static final String TEXT = "text/plain";
    private static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();

    /** Tika's names to those that browsers know. */
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("audio/vnd.wave", "audio/wav"),
            Map.entry("audio/x-wav", "audio/wav"),
            Map.entry("audio/x-flac", "audio/flac"),
            Map.entry("audio/x-aac", "audio/aac"),
            Map.entry("audio/x-m4a", "audio/mp4"),
            Map.entry("audio/vorbis", "audio/ogg"),
            Map.entry("audio/opus", "audio/ogg"),
            Map.entry("audio/speex", "audio/ogg"),
            Map.entry("application/ogg", "audio/ogg"),
            Map.entry("application/x-tika-ooxml", "application/zip"),
            Map.entry("application/x-tika-msoffice", "application/x-ole-storage"),
            Map.entry("video/theora", "video/ogg"),
            Map.entry("video/x-m4v", "video/mp4"),
            Map.entry("application/mp4", "video/mp4"),
            Map.entry("image/x-ms-bmp", "image/bmp"));

    private static final Pattern COMPRESSED =
            Pattern.compile("image/(?!bmp|svg|tiff|x-).*|audio/(?!wav|aiff|basic|midi).*|video/.*|application/(pdf|zip"
                    + "|gzip|x-bzip2?|x-xz|x-7z-compressed|x-rar-compressed|zstd|java-archive|epub\\+zip|vnd\\.oasis.*"
                    + "|vnd\\.openxmlformats.*|vnd\\.android.*)");

    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp");
    private static final Set<String> SOUNDS =
            Set.of("audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/flac");
    private static final Set<String> FILMS = Set.of("video/mp4", "video/webm", "video/ogg");

    /** The JDK's names to the Encoding Standard's. */
    private static final Map<String, String> BROWSERS = Map.of(
            "x-windows-874", "windows-874",
            "x-MacRoman", "macintosh",
            "x-MacCyrillic", "x-mac-cyrillic",
            "GB18030", "gb18030",
            "x-windows-949", "euc-kr",
            "windows-31j", "shift_jis",
            "x-windows-iso2022jp", "iso-2022-jp",
            "Big5-HKSCS", "big5");

    /** How a browser shows a file without running anything of it. */
    public enum Preview {
        IMAGE,
        PDF,
        TEXT,
        AUDIO,
        VIDEO
    }

    /**
     * Tells.
     *
     * @param first the first {@link #OCTETS} octets, or all there are
     * @param claimed the media type that the mail gives
     */
    public static FileType of(byte[] first, String name, String claimed) {
        var plain = detect(first, null);
        if (plain.equals(UNKNOWN) && isText(claimed) && couldBeText(first)) {
            // Tika knows ASCII and UTF-8; what else letters can be only the mail knows.
            return new FileType(claimed, Preview.TEXT);
        }
        var type = plain.equals(UNKNOWN) ? plain : detect(first, name);
        if (type.equals("application/x-matroska") || type.equals("video/x-matroska")) {
            type = isWebm(first) ? "video/webm" : "video/x-matroska";
        }
        if (plain.equals(TEXT) && type.equals(TEXT) && isText(claimed)) {
            type = claimed;
        }
        var usual = USUAL.getOrDefault(type, type);
        return new FileType(usual, preview(usual));
    }

    /** Whether nothing is gained by compressing it. */
    public boolean isCompressed() {
        return COMPRESSED.matcher(type).matches();
    }

    /** Whether it is something that runs when it is opened, or that systems take for it by its name. */
    public boolean isProgram(String name) {
        return Programs.type(type) || Programs.extension(FileNames.extension(name));
    }

    /** Whether a file of that name would be something else: {@code photo.jpg} that is a program, or a page. */
    public boolean contradicts(String name) {
        var expected = detect(new byte[0], name);
        if (type.equals(UNKNOWN)
                || expected.equals(UNKNOWN)
                || FileNames.extension(name).isEmpty()) {
            return false;
        }
        return !family(type).equals(family(expected))
                && !related(type, expected)
                && isRecognisable(expected)
                // Armour, keys, logs: a text may be many things whose octets say so only when they are binary.
                && !(family(type).equals("text") && !isBinary(expected));
    }

    /**
     * The charset to read a text in, by a name that browsers know.
     *
     * @param first how it begins
     * @param label what the mail says, or null
     */
    public static String charset(byte[] first, @Nullable String label) {
        var known = label == null ? null : Charsets.find(label);
        if (known != null && !known.equals(StandardCharsets.UTF_8)) {
            return BROWSERS.getOrDefault(known.name(), known.name());
        }
        // The last character may have been cut.
        int end = first.length;
        while (first.length >= OCTETS && end > first.length - 4 && first[end - 1] < 0) {
            end--;
        }
        var likely = Charsets.detect(Arrays.copyOf(first, end));
        return likely.equals(StandardCharsets.UTF_16)
                ? first[0] == -1 ? "UTF-16LE" : "UTF-16BE"
                : BROWSERS.getOrDefault(likely.name(), likely.name());
    }

    /** Loads what it takes to tell, which is half a second's work at the first time. */
    public static void prepare() {
        detect(new byte[] {'%', 'P', 'D', 'F', '-'}, "a.pdf");
    }

    private static @Nullable Preview preview(String type) {
        if (IMAGES.contains(type)) {
            return Preview.IMAGE;
        } else if (SOUNDS.contains(type)) {
            return Preview.AUDIO;
        } else if (FILMS.contains(type)) {
            return Preview.VIDEO;
        } else if (type.equals("application/pdf")) {
            return Preview.PDF;
        }
        return isText(type) || type.equals("application/json") ? Preview.TEXT : null;
    }

    private static String detect(byte[] first, @Nullable String name) {
        var metadata = new Metadata();
        if (name != null) {
            // Lower case: Tika knows .C from .c, but INVOICE.PDF is an invoice.
            metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name.toLowerCase(Locale.ROOT));
        }
        try {
            var type = TYPES.detect(first.length == 0 ? null : new ByteArrayInputStream(first), metadata);
            return type.getBaseType().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there are no controls in it but those that texts have. */
    private static boolean couldBeText(byte[] first) {
        for (byte octet : first) {
            boolean control = (octet >= 0 && octet < ' ') || octet == 0x7f;
            if (control && "\t\n\f\r\u001b".indexOf(octet) < 0) {
                return false;
            }
        }
        return first.length > 0;
    }

    private static boolean isText(String claimed) {
        return claimed.matches("text/[a-z0-9][a-z0-9.+-]{0,60}")
                && !claimed.contains("html")
                && !claimed.contains("xml")
                && !claimed.contains("script")
                && !claimed.equals("text/css");
    }

    /** The DocType of RFC 8794 8.1, which stands among the first octets. */
    private static boolean isWebm(byte[] first) {
        return new String(first, 0, Math.min(first.length, 64), StandardCharsets.ISO_8859_1).contains("webm");
    }

    /** Whether one is a kind of the other. */
    private static boolean related(String one, String other) {
        var registry = TYPES.getMediaTypeRegistry();
        var first = registry.normalize(MediaType.parse(one));
        var second = registry.normalize(MediaType.parse(other));
        return registry.isInstanceOf(first, second) || registry.isInstanceOf(second, first);
    }

    /** Whether such files are known by their octets at all, so that others are none. */
    private static boolean isRecognisable(String type) {
        try {
            var known = TYPES.forName(type);
            for (var at = known.getType();
                    at != null;
                    at = TYPES.getMediaTypeRegistry().getSupertype(at)) {
                if (TYPES.forName(at.toString()).hasMagic()) {
                    return true;
                }
            }
            return false;
        } catch (MimeTypeException e) {
            return false;
        }
    }

    private static boolean isBinary(String type) {
        return type.equals("application/pdf")
                || List.of("image", "recording").contains(family(type))
                || related(type, "application/zip")
                || related(type, "application/x-tika-msoffice")
                || Programs.type(type);
    }

    /** What is mistaken for each other without harm: pictures, recordings, texts. */
    private static String family(String type) {
        if (type.startsWith("text/") || type.startsWith("message/")) {
            return "text";
        } else if (type.startsWith("audio/") || type.startsWith("video/")) {
            return "recording";
        } else if (type.startsWith("image/") && !type.contains("svg")) {
            return "image";
        }
        return type;
    }
}
