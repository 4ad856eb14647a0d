package dev.valija.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the archive that the class path carries for this platform. */
record Binaries(Path directory) {

    private static final String PREFIX = "programs-";

    static Binaries unpackedIn(Path home) throws IOException {
        byte[] archive = archive();
        Path wanted = home.resolve(PREFIX + fingerprint(archive));
        for (Path other : unpacked(home)) {
            if (!other.equals(wanted)) {
                FileSystemUtils.deleteRecursively(other);
            }
        }
        if (!Files.exists(wanted)) {
            // Named at the end: a directory with the right name is complete.
            Path half = Files.createTempDirectory(home, PREFIX + "half-");
            unpack(archive, half);
            Files.move(half, wanted, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Binaries(wanted);
    }

    String program(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    /** The major version, from which PostgreSQL's data directories are named: majors cannot read each other's. */
    String majorVersion() throws IOException {
        Process process = new ProcessBuilder(program("postgres"), "--version").start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.US_ASCII);
            return said.replaceFirst("(?s)^\\D*(\\d+).*$", "$1"); // postgres (PostgreSQL) 18.6
        }
    }

    private static byte[] archive() throws IOException {
        String name = "/postgres-" + os() + "-" + architecture() + ".txz";
        try (InputStream in = Binaries.class.getResourceAsStream(name)) {
            if (in == null) {
                throw unsupported();
            }
            return in.readAllBytes();
        }
    }

    private static String os() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> throw unsupported();
        };
    }

    private static EmbeddedPostgresException unsupported() {
        return new EmbeddedPostgresException(
                "There is no embedded PostgreSQL for %s on %s in this build."
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                "Set VALIJA_DB_URL, VALIJA_DB_USER and VALIJA_DB_PASSWORD to use a PostgreSQL server of your own.");
    }

    private static List<Path> unpacked(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .toList();
        }
    }

    private static void unpack(byte[] archive, Path to) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = to.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.resolveSibling("."));
                    copy(tar, entry, path);
                }
            }
        }
    }

    private static void copy(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static String fingerprint(byte[] archive) {
        return HexFormat.of().formatHex(DigestUtils.sha256(archive), 0, 6);
    }
}
