package dev.valija.message;

import java.util.HashSet;
import java.util.Set;

/** The remote addresses left out of a mail; each counts once, and the count has an end. */
final class Remote {
    private static final int MOST = 10_000;
    private static final int LONGEST = 4_000;
    private final Set<String> addresses = new HashSet<>();

    void addIfRemote(String address) {
        String plain = address.strip();
        if (isRemote(plain) && addresses.size() < MOST) {
            addresses.add(plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain);
        }
    }

    int blocked() {
        return addresses.size();
    }

    /** Whether showing it would ask another machine. */
    static boolean isRemote(String address) {
        int from = 0;
        for (String scheme : new String[] {"http:", "https:", "ftp:"}) {
            if (address.regionMatches(true, 0, scheme, 0, scheme.length())) {
                from = scheme.length();
            }
        }
        return address.startsWith("//", from) && address.length() > from + 2;
    }
}
