package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes header fields: folded at 78 characters where that can be, never beyond 998 (RFC 5322 2.1.1), in ASCII but for the
 * local parts of addresses that are beyond it, which have no other form (RFC 6532 3.2).
 * Values that would break out of their field are refused, not repaired.
 */
final class HeaderWriter {
    /** A path has 256 octets, brackets included (RFC 5321 4.5.3.1.3). */
    private static final int LONGEST_ADDRESS = 254;

    private static final String ATOM_EXTRA = "!#$%&'*+-/=?^_`{|}~";
    private static final int LINE = 76;
    private static final int LONGEST_WORD = 200;
    private static final int ENCODED_OCTETS = 42; // 56 base64 characters and the frame stay below RFC 2047 2's 75

    private final ByteArrayOutputStream out;

    HeaderWriter(ByteArrayOutputStream out) {
        this.out = out;
    }

    /** A field of free text, encoded where it needs to be (RFC 2047). */
    void text(String name, String value) {
        refuseControls(name, value);
        words(name, plain(value) ? List.of(value.split(" ", -1)) : encodedWords(value));
    }

    /** A field of addresses; nothing is written for none. */
    void addresses(String name, List<Address> addresses) {
        if (addresses.isEmpty()) {
            return;
        }
        var words = new ArrayList<String>();
        for (int i = 0; i < addresses.size(); i++) {
            var one = address(name, addresses.get(i));
            String last = one.removeLast();
            words.addAll(one);
            words.add(i < addresses.size() - 1 ? last + "," : last);
        }
        words(name, words);
    }

    /** A field of ids, each in angle brackets; nothing is written for none. */
    void ids(String name, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        for (String id : ids) {
            if (id.isEmpty()
                    || id.length() > 900
                    || !id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '<' && c != '>')) {
                throw new IllegalArgumentException(name + " holds what is no message id");
            }
        }
        words(name, ids.stream().map(id -> "<" + id + ">").toList());
    }

    /** A field that is ASCII and short by construction. */
    void literal(String name, String value) {
        refuseControls(name, value);
        line(name + ": " + value);
    }

    /** A multipart's type with the boundary on a line of its own. */
    void multipart(String type, String boundary) {
        line("Content-Type: " + type + ";\r\n boundary=\"" + boundary + "\"");
        end();
    }

    /** A field with parameters, each on a line of its own (RFC 2231 for what is not plain ASCII). */
    void parameters(String name, String value, String parameter, String text) {
        refuseControls(name, text);
        var written = new StringBuilder(name + ": " + value);
        for (String piece : parameter(parameter, text)) {
            written.append(";\r\n ").append(piece);
        }
        line(written.toString());
    }

    void end() {
        line("");
    }

    private void words(String name, List<String> words) {
        var line = new StringBuilder(name).append(':');
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            // RFC 5322 3.2.2: a folded line must not be blank, so only a word with something in it starts one.
            if (i > 0 && line.length() + 1 + word.length() > LINE && !word.isBlank()) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(word.isEmpty() && words.size() == 1 ? "" : " ").append(word);
        }
        line(line.toString());
    }

    private void line(String text) {
        out.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> address(String field, Address address) {
        var words = new ArrayList<String>();
        String name = address.name();
        String email = addrSpec(field, address.email());
        if (name == null || name.isBlank()) {
            words.add(email);
            return words;
        }
        refuseControls(field, name);
        if (!plain(name)) {
            words.addAll(encodedWords(name));
        } else if (name.chars().allMatch(c -> isAtom(c) || c == ' ')) {
            words.addAll(List.of(name.strip().split(" +", -1)));
        } else {
            words.add("\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        words.add("<" + email + ">");
        return words;
    }

    /** The addr-spec: an international domain is written as A-labels (RFC 5890), a local part as it is (RFC 6531 3.3). */
    static String addrSpec(String field, String email) {
        int at = email.lastIndexOf('@');
        boolean formed =
                at > 0 && at < email.length() - 1 && email.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ADDRESS;
        if (!formed || !localPart(email.substring(0, at))) {
            throw new IllegalArgumentException(field + " holds what is no address");
        }
        try {
            String domain = email.substring(at + 1);
            String ascii = domain.startsWith("[") ? domain : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
            if (!ascii.chars().allMatch(c -> isHost(c) || (domain.startsWith("[") && "[]:".indexOf(c) >= 0))) {
                throw new IllegalArgumentException("no domain");
            }
            return email.substring(0, at + 1) + ascii;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " holds what is no address", e);
        }
    }

    private static boolean localPart(String local) {
        if (local.length() > 2 && local.startsWith("\"") && local.endsWith("\"")) {
            // Those that would end a path in a command may be in one, and are in no address that anybody has.
            return local.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '<' && c != '>')
                    && local.substring(1, local.length() - 1)
                            .replaceAll("\\\\[\"\\\\]", "")
                            .chars()
                            .noneMatch(c -> c == '"' || c == '\\');
        }
        return local.codePoints().allMatch(c -> isAtom(c) || c == '.' || isLetterBeyondAscii(c));
    }

    /** RFC 6532 3.1 has all but ASCII; what cannot be seen, or turns the others around, is in nobody's address. */
    private static boolean isLetterBeyondAscii(int c) {
        return c >= 0x80
                && switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** RFC 5321 4.1.2, and the underscore that some have: no field of a URL, no encoded word. */
    private static boolean isHost(int c) {
        return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }

    private static boolean isAtom(int c) {
        return isLetterOrDigit(c) || ATOM_EXTRA.indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    static void refuseControls(String field, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(field + " holds a control character");
        }
    }

    private static boolean plain(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 0x7f)
                && !value.contains("=?")
                && !value.startsWith(" ")
                && !value.endsWith(" ")
                && !value.contains("  ")
                && longestWord(value) <= LONGEST_WORD;
    }

    private static int longestWord(String value) {
        int longest = 0;
        int from = 0;
        for (int at = value.indexOf(' '); at >= 0; at = value.indexOf(' ', from)) {
            longest = Math.max(longest, at - from);
            from = at + 1;
        }
        return Math.max(longest, value.length() - from);
    }

    /** RFC 2047 5 (3): each word holds whole characters, so that readers may decode them one by one. */
    private static List<String> encodedWords(String value) {
        var words = new ArrayList<String>();
        var octets = new ByteArrayOutputStream();
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            byte[] character = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            if (octets.size() + character.length > ENCODED_OCTETS) {
                words.add(encodedWord(octets.toByteArray()));
                octets.reset();
            }
            octets.writeBytes(character);
            i += Character.charCount(c);
        }
        words.add(encodedWord(octets.toByteArray()));
        return words;
    }

    private static String encodedWord(byte[] octets) {
        // RFC 2047 5 (3): only these may stand for themselves in a phrase, so they are what Q leaves alone.
        var q = new StringBuilder();
        for (byte octet : octets) {
            int c = octet & 0xff;
            boolean safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            q.append(c == ' ' ? "_" : safe ? String.valueOf((char) c) : "=%02X".formatted(c));
        }
        String b = Base64.getEncoder().encodeToString(octets);
        return q.length() <= 60 && q.length() <= b.length() + 8 ? "=?UTF-8?Q?" + q + "?=" : "=?UTF-8?B?" + b + "?=";
    }

    private static List<String> parameter(String name, String value) {
        if (value.length() <= 60 && value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return List.of(name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        var pieces = new ArrayList<String>();
        var piece = new StringBuilder("UTF-8''");
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            String encoded = percent(Character.toString(c));
            if (piece.length() + encoded.length() > 58) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.append(encoded);
            i += Character.charCount(c);
        }
        pieces.add(piece.toString());
        if (pieces.size() == 1) {
            return List.of(name + "*=" + pieces.getFirst());
        }
        var numbered = new ArrayList<String>();
        for (int i = 0; i < pieces.size(); i++) {
            numbered.add(name + "*" + i + "*=" + pieces.get(i));
        }
        return numbered;
    }

    private static String percent(String character) {
        int c = character.charAt(0);
        boolean safe = character.length() == 1
                && ((c >= '0' && c <= '9')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= 'a' && c <= 'z')
                        || "-._".indexOf(c) >= 0);
        if (safe) {
            return character;
        }
        return new String(character.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .chars()
                .mapToObj(octet -> "%%%02X".formatted(octet))
                .collect(Collectors.joining())
                .toUpperCase(Locale.ROOT);
    }
}
