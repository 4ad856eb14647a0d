package dev.valija.calendar;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A component of a calendar file (RFC 5545 3.6): VCALENDAR, VEVENT, VTIMEZONE.
 *
 * @param name in upper case
 */
record Component(String name, List<Property> properties, List<Component> children) {
    Component {
        properties = List.copyOf(properties);
        children = List.copyOf(children);
    }

    /** The first property of that name, or null. */
    @Nullable
    Property first(String property) {
        return all(property).findFirst().orElse(null);
    }

    Stream<Property> all(String property) {
        return properties.stream().filter(p -> p.name().equals(property));
    }

    Stream<Component> children(String component) {
        return children.stream().filter(c -> c.name().equals(component));
    }

    /** The first property's text on one line; empty where there is none. */
    String line(String property, int longest) {
        var found = first(property);
        return found == null ? "" : found.line(longest);
    }
}
