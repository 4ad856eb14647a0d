package dev.valija.calendar;

import com.ibm.icu.util.TimeZone;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The time zones of one calendar file. A name that everybody knows, IANA's or Windows', means what it says: the rules a
 * file brings along for it are often old or cut. For other names the file's rules count.
 */
final class Zones {
    private static final Map<String, ZoneId> BY_NAME = ZoneId.getAvailableZoneIds().stream()
            .collect(Collectors.toUnmodifiableMap(id -> id.toLowerCase(Locale.ROOT), ZoneId::of, (a, b) -> a));

    private final Map<String, Component> definitions;
    private final Map<String, Zone> known = new HashMap<>();

    private Zones(Map<String, Component> definitions) {
        this.definitions = definitions;
    }

    static Zones of(Component calendar) {
        return new Zones(calendar.children("VTIMEZONE")
                .collect(Collectors.toMap(zone -> zone.line("TZID", 200), Function.identity(), (a, b) -> a)));
    }

    /** Of a file that defines none. */
    static Zones none() {
        return new Zones(Map.of());
    }

    /** The zone of that TZID; floating where there is none or nobody knows it. */
    Zone find(@Nullable String tzid) {
        return tzid == null ? Zone.floating() : known.computeIfAbsent(ShownText.line(tzid, 200), this::look);
    }

    private Zone look(String tzid) {
        var named = named(tzid);
        if (named != null) {
            return new Zone.Named(named);
        }
        var definition = definitions.get(tzid);
        if (definition == null) {
            return Zone.floating();
        }
        var location = named(definition.line("X-LIC-LOCATION", 200));
        return location == null
                ? DefinedZone.of(definition).<Zone>map(Zone.Defined::new).orElse(Zone.floating())
                : new Zone.Named(location);
    }

    /** Some put a path of their own before an IANA name: {@code /mozilla.org/20070129_1/Europe/Berlin}. */
    private static @Nullable ZoneId named(String tzid) {
        String rest = tzid.replace("tzone://Microsoft/", "");
        while (true) {
            var zone = BY_NAME.get(rest.toLowerCase(Locale.ROOT));
            if (zone != null) {
                return zone;
            }
            int slash = rest.indexOf('/');
            if (slash < 0) {
                break;
            }
            rest = rest.substring(slash + 1);
        }
        String windows = tzid.matches("[A-Za-z0-9 .+()-]{3,60}") ? TimeZone.getIDForWindowsID(tzid, "001") : null;
        return windows == null ? null : BY_NAME.get(windows.toLowerCase(Locale.ROOT));
    }
}
