package dev.valija.account;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** What a request tells of the program that sent it. */
final class Clients {

    /** The browser and system in two words, so that people know their sessions apart. No more of it is kept. */
    static String name(HttpServletRequest request) {
        var agent = request.getHeader("User-Agent");
        var browser = first(agent, "Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome");
        if (browser == null) {
            browser = first(agent, "Safari/", "Safari");
        }
        var system = first(
                agent,
                "Android",
                "Android",
                "iPhone",
                "iPhone",
                "iPad",
                "iPad",
                "Windows",
                "Windows",
                "Mac OS",
                "macOS",
                "CrOS",
                "ChromeOS",
                "Linux",
                "Linux");
        if (browser == null) {
            return "Browser";
        }
        return system == null ? browser : browser + ", " + system;
    }

    /** Pairs of what to look for and what to call it. */
    private static @Nullable String first(@Nullable String agent, String... pairs) {
        if (agent != null) {
            for (var i = 0; i < pairs.length; i += 2) {
                if (agent.contains(pairs[i])) {
                    return pairs[i + 1];
                }
            }
        }
        return null;
    }

    private Clients() {}
}
