package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A structured field such as Content-Type or Content-Disposition: a value and parameters (RFC 2045 5.1), the latter
 * put together and decoded (RFC 2231, RFC 2047 against the rules, raw octets). Forgives missing quotes and semicolons.
 *
 * @param value lower case, without parameters; empty when absent
 * @param parameters by lower-case name
 */
record ContentField(String value, Map<String, String> parameters) {
    private static final int MOST_PARAMETERS = 100;
    /** With comments; a type and its subtype have 127 characters each at most (RFC 6838 4.2). */
    private static final int LONGEST_VALUE = 2_000;

    private static final Pattern AROUND_SLASH = Pattern.compile(" ?/ ?");

    static ContentField parse(@Nullable String body) {
        if (body == null) {
            return new ContentField("", Map.of());
        }
        int semicolon = body.indexOf(';');
        if (semicolon < 0) {
            semicolon = forgottenSemicolon(body);
        }
        String value = body.substring(0, Math.min(semicolon < 0 ? body.length() : semicolon, LONGEST_VALUE));
        value = HeaderDecoder.clean(Comments.without(value), 200)
                .toLowerCase(Locale.ROOT)
                .replace("\"", "")
                .strip();
        value = AROUND_SLASH.matcher(value).replaceFirst("/");
        int blank = value.indexOf(' ');
        if (blank > 0 && value.indexOf('/') > 0 && value.indexOf('/') < blank) {
            value = value.substring(0, blank);
        }
        var raw = semicolon < 0 ? Map.<String, String>of() : new Scanner(body, semicolon + 1).all();
        return new ContentField(value, join(raw));
    }

    /** "application/pdf name=a.pdf": the blank stands for what should be there. */
    private static int forgottenSemicolon(String body) {
        int blank = body.strip().indexOf(' ');
        return blank > 0 && body.indexOf('=') > blank ? body.indexOf(' ', body.indexOf(body.strip())) : -1;
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** RFC 2231 3 and 4: name*0*=utf-8'en'%c3%a4; name*1="plain" become one. */
    private static Map<String, String> join(Map<String, String> raw) {
        var joined = new LinkedHashMap<String, String>();
        var pieces = new LinkedHashMap<String, TreeMap<Integer, Piece>>();
        raw.forEach((name, value) -> {
            int star = name.indexOf('*');
            if (star < 0) {
                joined.put(name, HeaderDecoder.decode(value));
                return;
            }
            boolean encoded = name.endsWith("*");
            String number = name.substring(star + 1).replace("*", "");
            int index = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
            pieces.computeIfAbsent(name.substring(0, star), n -> new TreeMap<>())
                    .put(index, new Piece(value, encoded));
        });
        pieces.forEach((name, parts) -> joined.put(name, decode(parts)));
        return joined;
    }

    private static String decode(TreeMap<Integer, Piece> pieces) {
        var octets = new ByteArrayOutputStream();
        String charset = null;
        boolean first = true;
        for (Piece piece : pieces.values()) {
            String text = piece.text;
            if (first && piece.encoded) {
                int quote = text.indexOf('\'');
                int second = quote < 0 ? -1 : text.indexOf('\'', quote + 1);
                if (second >= 0) {
                    charset = text.substring(0, quote);
                    text = text.substring(second + 1);
                }
            }
            first = false;
            octets.writeBytes(piece.encoded ? percent(text) : text.getBytes(StandardCharsets.UTF_8));
        }
        return HeaderDecoder.decode(Charsets.decode(octets.toByteArray(), charset));
    }

    private static byte[] percent(String text) {
        var out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private record Piece(String text, boolean encoded) {}

    /** Walks over {@code name=value; name="value"}. */
    private static final class Scanner {
        private final String text;
        private int at;

        Scanner(String text, int from) {
            this.text = text;
            this.at = from;
        }

        Map<String, String> all() {
            var found = new LinkedHashMap<String, String>();
            while (at < text.length() && found.size() < MOST_PARAMETERS) {
                int equals = text.indexOf('=', at);
                if (equals < 0) {
                    break;
                }
                String name = text.substring(at, equals);
                name = name.substring(name.lastIndexOf(';') + 1).strip().toLowerCase(Locale.ROOT);
                at = equals + 1;
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                if (!name.isEmpty()) {
                    found.putIfAbsent(name, value);
                }
            }
            return found;
        }

        private String quoted() {
            var value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                char c = text.charAt(at++);
                // A backslash escapes; before anything but itself and a quote it is a Windows path.
                if (c == '\\' && at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\\')) {
                    c = text.charAt(at++);
                }
                value.append(c);
            }
            at = Math.max(at, text.indexOf(';', at) < 0 ? text.length() : text.indexOf(';', at) + 1);
            return value.toString();
        }

        /** Up to the semicolon, blanks included: file names are often left without quotes. */
        private String token() {
            int end = text.indexOf(';', at);
            String value = text.substring(at, end < 0 ? text.length() : end);
            at = end < 0 ? text.length() : end + 1;
            return value.strip();
        }
    }
}
