package dev.valija.calendar;

import dev.valija.message.Charsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a calendar file apart (RFC 5545 3.1, 3.6) in time with its length, whatever state it is in. What is over budget
 * or makes no sense is left out; nothing is resolved, fetched or evaluated.
 */
final class CalendarReader {
    private static final int MOST_COMPONENTS = 50;
    private static final int MOST_DEPTH = 3;
    private static final int MOST_PROPERTIES = 5_000;
    private static final int MOST_PARAMETERS = 20;
    private static final Pattern CARET = Pattern.compile("\\^[n'^]");
    private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\r|\\n");

    private final Deque<Open> open = new ArrayDeque<>();
    private int components;
    private int properties;
    private int skipped;
    private @Nullable Component calendar;

    /** A component whose end has not come yet. */
    private static final class Open {
        private final String name;
        private final List<Property> properties = new ArrayList<>();
        private final List<Component> children = new ArrayList<>();

        Open(String name) {
            this.name = name;
        }

        Component close() {
            return new Component(name, properties, children);
        }
    }

    /**
     * The first calendar of a file.
     *
     * @param charset the label the mail gives, or null
     */
    static Optional<Component> read(byte[] file, @Nullable String charset) {
        var reader = new CalendarReader();
        for (String line : LINE_END.split(Charsets.decode(unfolded(file), charset), -1)) {
            if (reader.calendar != null) {
                break;
            }
            reader.line(line);
        }
        while (reader.calendar == null && !reader.open.isEmpty()) {
            reader.close(); // cut off: what there is counts
        }
        return Optional.ofNullable(reader.calendar);
    }

    /** RFC 5545 3.1: lines are folded between octets, so a character may be in two of them until they are put together. */
    private static byte[] unfolded(byte[] file) {
        var whole = new byte[file.length];
        int length = 0;
        for (int at = 0; at < file.length; at++) {
            int lineEnd = at;
            if (file[lineEnd] == '\r' && lineEnd + 1 < file.length && file[lineEnd + 1] == '\n') {
                lineEnd++;
            }
            boolean ends = file[lineEnd] == '\r' || file[lineEnd] == '\n';
            if (ends && lineEnd + 1 < file.length && (file[lineEnd + 1] == ' ' || file[lineEnd + 1] == '\t')) {
                at = lineEnd + 1;
            } else {
                whole[length++] = file[at];
            }
        }
        return Arrays.copyOf(whole, length);
    }

    private void line(String line) {
        var property = property(line);
        if (property == null) {
            return;
        }
        String value = property.value().strip().toUpperCase(Locale.ROOT);
        switch (property.name()) {
            case "BEGIN" -> begin(value);
            case "END" -> end(value);
            default -> {
                if (skipped == 0 && !open.isEmpty() && properties++ < MOST_PROPERTIES) {
                    open.peek().properties.add(property);
                }
            }
        }
    }

    private void begin(String name) {
        boolean wanted = open.isEmpty() ? name.equals("VCALENDAR") : open.size() < MOST_DEPTH && !isOverBudget();
        if (skipped > 0 || (!wanted && !open.isEmpty())) {
            skipped++;
        } else if (wanted) {
            open.push(new Open(name));
        }
    }

    /** The parts of a component, such as the observances of a time zone, are bounded with the properties. */
    private boolean isOverBudget() {
        return (open.size() == 1 && ++components > MOST_COMPONENTS) || ++properties > MOST_PROPERTIES;
    }

    private void end(String name) {
        if (skipped > 0) {
            skipped--;
        } else if (open.stream().anyMatch(component -> component.name.equals(name))) {
            while (!close().equals(name)) {
                // What it holds was not closed.
            }
        }
    }

    private String close() {
        var closed = open.pop().close();
        if (open.isEmpty()) {
            calendar = closed;
        } else {
            open.peek().children.add(closed);
        }
        return closed.name();
    }

    /** A line as a property, or null for what is none. */
    private static @Nullable Property property(String line) {
        int at = nameEnd(line, 0);
        if (at == 0 || at >= line.length() || at > 100) {
            return null;
        }
        String name = line.substring(0, at).toUpperCase(Locale.ROOT);
        var parameters = new HashMap<String, String>();
        while (at < line.length() && line.charAt(at) == ';') {
            int equals = nameEnd(line, at + 1);
            if (equals >= line.length() || line.charAt(equals) != '=') {
                at = parameterEnd(line, equals);
                continue;
            }
            int end = parameterEnd(line, equals + 1);
            if (parameters.size() < MOST_PARAMETERS) {
                parameters.putIfAbsent(
                        line.substring(at + 1, equals).toUpperCase(Locale.ROOT),
                        unquoted(line.substring(equals + 1, end)));
            }
            at = end;
        }
        return at < line.length() && line.charAt(at) == ':'
                ? new Property(name, Map.copyOf(parameters), line.substring(at + 1))
                : null;
    }

    private static int nameEnd(String line, int from) {
        int at = from;
        while (at < line.length() && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '-')) {
            at++;
        }
        return at;
    }

    private static int parameterEnd(String line, int from) {
        boolean quoted = false;
        for (int at = from; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ';' || c == ':')) {
                return at;
            }
        }
        return line.length();
    }

    /** RFC 6868: a caret hides what a parameter cannot hold. */
    private static String unquoted(String value) {
        String plain = value.replace("\"", "");
        return plain.indexOf('^') < 0
                ? plain
                : CARET.matcher(plain).replaceAll(match -> switch (match.group().charAt(1)) {
                    case 'n' -> "\n";
                    case '\'' -> "\"";
                    default -> "^";
                });
    }
}
