package dev.valija.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that wrap the accounts' data keys. The first encrypts; the others only decrypt, until all is rewrapped. */
final class MasterKeys {
    private static final Logger log = LoggerFactory.getLogger(MasterKeys.class);
    private static final int OCTETS = 32;

    private final Map<String, SecretKey> byId = new LinkedHashMap<>();
    private final String current;

    private MasterKeys(List<byte[]> keys) {
        keys.forEach(key -> byId.put(id(key), new SecretKeySpec(key, "AES")));
        current = id(keys.getFirst());
    }

    /** Reads a key file. */
    static MasterKeys read(Path file) {
        try (var lines = Files.lines(file)) {
            var keys = lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> decode(line, file))
                    .toList();
            if (keys.isEmpty()) {
                throw new IllegalStateException("There is no master key in " + file);
            }
            return new MasterKeys(keys);
        } catch (IOException e) {
            throw new UncheckedIOException("The master key file cannot be read: " + file, e);
        }
    }

    /** Reads the key file of an installation that names none; at the first start, makes it. */
    static MasterKeys readOrMake(Path file) {
        if (!Files.exists(file)) {
            try {
                make(file);
                log.info("Made a master key in {}: without it the stored passwords are lost", file);
            } catch (IOException e) {
                throw new UncheckedIOException("The master key file cannot be made: " + file, e);
            }
        }
        return read(file);
    }

    /** The id of the key that encrypts. */
    String current() {
        return current;
    }

    Optional<SecretKey> key(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    private static void make(Path file) throws IOException {
        var key = new byte[OCTETS];
        new SecureRandom().nextBytes(key);
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        // Written aside and renamed, so that a crash leaves a whole key or none.
        var aside = Files.createTempFile(directory, "master", ".key", ownerOnly);
        Files.writeString(aside, Base64.getEncoder().encodeToString(key) + "\n");
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] decode(String line, Path file) {
        try {
            var key = Base64.getDecoder().decode(line);
            if (key.length == OCTETS) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            log.debug("not base64", e);
        }
        throw new IllegalStateException("A master key is 32 octets in base64, one a line: " + file);
    }

    /** Names a key without giving it away. */
    private static String id(byte[] key) {
        var digest = DigestUtils.getSha256Digest();
        digest.update("valija master key".getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(key), 0, 8);
    }
}
