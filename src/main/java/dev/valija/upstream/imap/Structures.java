package dev.valija.upstream.imap;

import dev.valija.message.BodyPart;
import dev.valija.message.Charsets;
import dev.valija.message.HeaderDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads BODYSTRUCTURE (RFC 9051 7.5.2). */
final class Structures {
    private static final int DEEPEST = 50;
    /** Types, encodings and the names of parameters are short; what is not is none. */
    private static final int LONGEST_WORD = 255;

    private static final int MOST_PARTS = 2000;

    private int parts;

    private Structures() {}

    /** The tree, or null when the item is none, or one of more parts or deeper ones than anybody needs. */
    static @Nullable BodyPart read(@Nullable Object item) {
        try {
            return item instanceof List<?> body && !body.isEmpty() ? new Structures().part(body, "", 0) : null;
        } catch (OverBudget e) {
            return null;
        }
    }

    private static final class OverBudget extends RuntimeException {
        OverBudget() {
            super(null, null, false, false);
        }
    }

    /** What is shown of a message whose structure cannot be had: one text. */
    static BodyPart unknown(long size) {
        return new BodyPart("1", "text/plain", null, null, null, null, "7bit", size, List.of());
    }

    /** @param id what its number begins with: one that ends with a dot is that of the message it is in */
    private @Nullable BodyPart part(List<?> body, String id, int depth) {
        if (depth > DEEPEST || ++parts > MOST_PARTS) {
            throw new OverBudget();
        }
        if (body.isEmpty()) {
            return null;
        }
        boolean alone = id.isEmpty() || id.endsWith(".");
        return body.getFirst() instanceof List<?>
                ? multipart(body, id, depth)
                : leaf(body, alone ? id + "1" : id, depth);
    }

    private BodyPart multipart(List<?> body, String id, int depth) {
        var children = new ArrayList<BodyPart>();
        int at = 0;
        for (; at < body.size() && body.get(at) instanceof List<?> child; at++) {
            BodyPart part = part(child, (id.isEmpty() || id.endsWith(".") ? id : id + ".") + (at + 1), depth + 1);
            if (part != null) {
                children.add(part);
            }
        }
        String subtype = lower(get(body, at), "mixed");
        var disposition = new Disposition(get(body, at + 2));
        // RFC 9051 6.4.5.1: the multipart of a message within goes by the number of that message.
        String number = id.endsWith(".") ? id.substring(0, id.length() - 1) : id;
        return new BodyPart(number, "multipart/" + subtype, null, disposition.type, null, null, "7bit", 0, children);
    }

    private BodyPart leaf(List<?> body, String id, int depth) {
        String type = lower(get(body, 0), "text") + "/" + lower(get(body, 1), "plain");
        Map<String, String> parameters = parameters(get(body, 2));
        String contentId = Tokens.text(get(body, 3));
        String encoding = lower(get(body, 5), "7bit");
        long size = Math.max(0, Tokens.number(get(body, 6), 0));
        // Between size and the extensions: lines for text; envelope, structure and lines for message/rfc822.
        int extensions = 7;
        List<?> within = List.of();
        if (type.startsWith("text/")) {
            extensions = 8;
        } else if (type.startsWith("message/") && get(body, 8) instanceof List<?> structure) {
            extensions = 10;
            within = structure;
        }
        var disposition = new Disposition(get(body, extensions + 1));
        String name = disposition.fileName != null ? disposition.fileName : parameters.get("name");
        var leaf = new BodyPart(
                id,
                type,
                parameters.get("charset"),
                disposition.type,
                name == null || name.isBlank() ? null : name,
                contentId == null || contentId.isBlank() ? null : unbracketed(contentId.strip()),
                encoding,
                size,
                List.of(),
                BodyPart.Flow.of(parameters.get("format"), parameters.get("delsp")));
        BodyPart root = leaf.isMessage() && !leaf.isContainer() ? part(within, id + ".", depth + 1) : null;
        return root == null ? leaf : leaf.holding(root);
    }

    private static final class Disposition {
        private final @Nullable String type;
        private final @Nullable String fileName;

        Disposition(@Nullable Object item) {
            List<?> list = Tokens.list(item);
            String said = Tokens.text(get(list, 0));
            // RFC 2183 2.8: a disposition nobody knows is treated as an attachment.
            type = said == null ? null : said.equalsIgnoreCase("inline") ? "inline" : "attachment";
            fileName = parameters(get(list, 1)).get("filename");
        }
    }

    /** Parameters by lower-case name, decoded, continuations joined (RFC 2231). */
    private static Map<String, String> parameters(@Nullable Object item) {
        List<?> list = Tokens.list(item);
        var plain = new HashMap<String, byte[]>();
        for (int i = 0; i + 1 < list.size(); i += 2) {
            String name = lower(list.get(i), "");
            plain.putIfAbsent(name, Tokens.octets(list.get(i + 1)));
        }
        var decoded = new HashMap<String, String>();
        for (String key : plain.keySet()) {
            int star = key.indexOf('*');
            String name = star < 0 ? key : key.substring(0, star);
            if (!decoded.containsKey(name)) {
                decoded.put(name, value(plain, name));
            }
        }
        return decoded;
    }

    private static String value(Map<String, byte[]> parameters, String name) {
        byte[] extended = parameters.get(name + "*");
        if (extended != null) {
            return charsetAndText(percentDecoded(extended, true), extended);
        }
        byte[] plain = parameters.get(name);
        if (plain != null) {
            return HeaderDecoder.decode(plain);
        }
        var joined = new ByteArrayOutputStream();
        byte[] first = parameters.get(name + "*0*");
        for (int i = 0; i < 1000; i++) {
            byte[] encoded = parameters.get(name + "*" + i + "*");
            byte[] literal = parameters.get(name + "*" + i);
            if (encoded != null) {
                joined.writeBytes(percentDecoded(encoded, i == 0));
            } else if (literal != null) {
                joined.writeBytes(literal);
            } else {
                break;
            }
        }
        return first == null ? HeaderDecoder.decode(joined.toByteArray()) : charsetAndText(joined.toByteArray(), first);
    }

    /** Takes the octets after {@code charset'language'} in the charset said. */
    private static String charsetAndText(byte[] octets, byte[] raw) {
        String said = new String(raw, StandardCharsets.ISO_8859_1);
        int quote = said.indexOf('\'');
        return HeaderDecoder.decode(Charsets.decode(octets, quote > 0 ? said.substring(0, quote) : "utf-8"));
    }

    private static byte[] percentDecoded(byte[] value, boolean withCharset) {
        String text = new String(value, StandardCharsets.ISO_8859_1);
        if (withCharset) {
            int second = text.indexOf('\'', text.indexOf('\'') + 1);
            text = text.substring(second + 1);
        }
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static String unbracketed(String id) {
        return id.startsWith("<") && id.endsWith(">") && id.length() > 2 ? id.substring(1, id.length() - 1) : id;
    }

    private static @Nullable Object get(List<?> list, int index) {
        return index < list.size() ? list.get(index) : null;
    }

    private static String lower(@Nullable Object value, String other) {
        String text = Tokens.text(value);
        return text == null || text.isBlank() || text.length() > LONGEST_WORD
                ? other
                : text.strip().toLowerCase(Locale.ROOT);
    }
}
