package dev.valija.upload;

import dev.valija.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of a file to come.
 *
 * @param length of all of it, in octets
 * @param accountId the account it is to be sent from, where it is named: too large a file for its provider is refused
 */
record NewUpload(
        String name, String type, long length, @Nullable String accountId) {
    private static final int LONGEST = 255;
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final String METADATA = "Upload-Metadata";

    /**
     * Reads the fields of a creation (tus 1.0.0, Creation): {@code filename} and {@code filetype}, as its clients call
     * them, and {@code accountId}; what else there is, is passed over.
     *
     * @throws ProblemException invalid-request naming the header field
     */
    static NewUpload of(@Nullable String length, @Nullable String metadata) {
        if (length == null || !length.matches("[0-9]{1,15}")) {
            throw ProblemException.invalid("Upload-Length", "must be the length of the file in octets");
        }
        var values = values(metadata == null ? "" : metadata);
        var type = values.getOrDefault("filetype", "");
        return new NewUpload(
                line(values.getOrDefault("filename", "")),
                type.isBlank() ? UNKNOWN_TYPE : line(type),
                Long.parseLong(length),
                values.get("accountId"));
    }

    /** A file that is here already, for an account that is not known yet. */
    static NewUpload of(String name, String type, int length) {
        return new NewUpload(line(name), type.isBlank() ? UNKNOWN_TYPE : line(type), length, null);
    }

    /** What it takes in a message: base64 in lines of 76 (RFC 2045 6.8). */
    long encodedLength() {
        long characters = (length + 2) / 3 * 4;
        return characters + 2 * ((characters + 75) / 76);
    }

    /** Pairs separated by commas: a key, a space, the value in base64; the value may be left out. */
    private static Map<String, String> values(String metadata) {
        var values = new HashMap<String, String>();
        for (var pair : metadata.strip().split(",", -1)) {
            var words = pair.strip().split(" ", 2);
            try {
                var octets = Base64.getDecoder().decode(words.length < 2 ? "" : words[1].strip());
                values.put(words[0], new String(octets, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(METADATA, "must be keys, each with a value in base64");
            }
        }
        return values;
    }

    private static String line(String value) {
        var clean = value.replaceAll("[\\p{Cc}\\u2028\\u2029]", "").strip();
        if (clean.length() > LONGEST) {
            throw ProblemException.invalid(METADATA, "a name or a type may have %d characters".formatted(LONGEST));
        }
        return clean;
    }
}
