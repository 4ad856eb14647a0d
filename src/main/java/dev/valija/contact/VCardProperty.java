package dev.valija.contact;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One content line of a vCard.
 *
 * @param name in upper case, without its group
 * @param value decoded, still escaped
 */
record VCardProperty(String name, String value) {
    private static final String CHARSET = "CHARSET=";
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /** The line as a property, or null for what is none. */
    static @Nullable VCardProperty parse(byte[] line) {
        int colon = colon(line);
        if (colon < 0) {
            return null;
        }
        var head = new String(line, 0, colon, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        var parts = head.replace("\"", "").split(";", 30);
        var name = parts[0].substring(parts[0].lastIndexOf('.') + 1);
        byte[] value = Arrays.copyOfRange(line, colon + 1, line.length);
        String charset = null;
        for (var part : parts) {
            var encoding = part.startsWith("ENCODING=") ? part.substring("ENCODING=".length()) : part;
            if (encoding.equals("QUOTED-PRINTABLE")) {
                value = unquoted(value);
            } else if (part.startsWith(CHARSET)) {
                charset = part.substring(CHARSET.length());
            }
        }
        return new VCardProperty(name.strip(), decode(value, charset));
    }

    /** The value as one text (RFC 6350 3.4). */
    String text() {
        return unescaped(value);
    }

    /** The parts of a structured value (RFC 6350 3.3), at least one. */
    List<String> components() {
        var components = new ArrayList<String>();
        int from = 0;
        for (int at = 0; at < value.length(); at++) {
            if (value.charAt(at) == '\\') {
                at++;
            } else if (value.charAt(at) == ';') {
                components.add(unescaped(value.substring(from, at)));
                from = at + 1;
            }
        }
        components.add(unescaped(value.substring(Math.min(from, value.length()))));
        return components;
    }

    /** N as people say it: given name, others, family name (RFC 6350 6.2.2). */
    String personName() {
        var parts = components();
        return Stream.of(1, 2, 0)
                .filter(i -> i < parts.size())
                .map(parts::get)
                .reduce("", (all, part) -> all + " " + part);
    }

    /** Where the value begins: after a colon that is not within quotes. */
    private static int colon(byte[] line) {
        boolean quoted = false;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '"') {
                quoted = !quoted;
            } else if (line[i] == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char escaped = text.charAt(++i);
                plain.append(escaped == 'n' || escaped == 'N' ? '\n' : escaped);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** RFC 2045 6.7, as version 2.1 has it. What is no code stays. */
    private static byte[] unquoted(byte[] value) {
        var plain = new ByteArrayOutputStream(value.length);
        for (int i = 0; i < value.length; i++) {
            int high = value[i] == '=' && i + 2 < value.length ? Character.digit(value[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(value[i + 2], 16);
            if (low >= 0) {
                plain.write(high << 4 | low);
                i += 2;
            } else {
                plain.write(value[i]);
            }
        }
        return plain.toByteArray();
    }

    /** As the line says, else UTF-8, else as Windows wrote it when vCards were young. */
    private static String decode(byte[] value, @Nullable String charset) {
        if (charset != null) {
            try {
                return new String(value, Charset.forName(charset));
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // as if it said nothing
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(value, WINDOWS);
        }
    }
}
