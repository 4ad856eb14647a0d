package dev.valija.mailbox;

import org.jspecify.annotations.Nullable;

/** The types of image that browsers show without danger, told by their first octets and never by what a mail says. */
final class ImageType {
    /** How many octets it takes to tell. */
    static final int OCTETS = 12;

    static @Nullable String of(byte[] octets) {
        if (starts(octets, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return "image/png";
        }
        if (starts(octets, 0, 0xff, 0xd8, 0xff)) {
            return "image/jpeg";
        }
        if (starts(octets, 0, 'G', 'I', 'F', '8', '7', 'a') || starts(octets, 0, 'G', 'I', 'F', '8', '9', 'a')) {
            return "image/gif";
        }
        if (starts(octets, 0, 'R', 'I', 'F', 'F') && starts(octets, 8, 'W', 'E', 'B', 'P')) {
            return "image/webp";
        }
        return null;
    }

    private static boolean starts(byte[] octets, int from, int... magic) {
        if (octets.length < from + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((octets[from + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private ImageType() {}
}
