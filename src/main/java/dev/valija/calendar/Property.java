package dev.valija.calendar;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One content line of a calendar file (RFC 5545 3.1).
 *
 * @param name in upper case
 * @param parameters by name in upper case, unquoted
 * @param value as written, still escaped
 */
record Property(String name, Map<String, String> parameters, String value) {
    Property {
        parameters = Map.copyOf(parameters);
    }

    @Nullable
    String parameter(String parameter) {
        return parameters.get(parameter);
    }

    /** The value as TEXT (RFC 5545 3.3.11). */
    String text() {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        var text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                char escaped = value.charAt(++i);
                text.append(escaped == 'n' || escaped == 'N' ? '\n' : escaped);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** The text on one line, fit to be shown. */
    String line(int longest) {
        return ShownText.line(text(), longest);
    }
}
