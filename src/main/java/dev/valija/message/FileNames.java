package dev.valija.message;

import org.jspecify.annotations.Nullable;

/** Names of attachments as others gave them, made fit to be shown and saved. */
public final class FileNames {
    private static final int LONGEST = 200;

    /** The last part of a path, on one line, without what systems refuse; null for what is no name. */
    public static @Nullable String clean(@Nullable String name) {
        if (name == null) {
            return null;
        }
        String shown = HeaderDecoder.decode(name);
        shown = shown.substring(Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\')) + 1);
        shown = shown.replaceAll("[<>:\"|?*]", "_").strip();
        // A leading dot hides a file, a trailing one is dropped by some systems and with it what made it harmless.
        shown = shown.replaceAll("^\\.+|[. ]+$", "");
        if (shown.length() > LONGEST) {
            int dot = shown.lastIndexOf('.');
            String extension = dot > shown.length() - 12 && dot > 0 ? shown.substring(dot) : "";
            shown = HeaderDecoder.clean(shown, LONGEST - 12) + extension;
        }
        return shown.isEmpty() ? null : shown;
    }

    private FileNames() {}
}
