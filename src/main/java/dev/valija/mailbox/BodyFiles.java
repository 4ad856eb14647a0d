package dev.valija.mailbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * One file a message, readable by us alone; those not used for longest go when there are too many octets. What was used
 * when is in the files' times, so a restart forgets nothing. Until {@link #survey} has looked at what an earlier run
 * left, files are found by their names and only the limit is not kept.
 */
final class BodyFiles {
    private static final String UNFINISHED = ".part";
    private static final Duration LONGEST_WRITE = Duration.ofMinutes(1);

    private final Path home;
    private final long limit;

    /** Octets by message, least recently used first; together with the files guarded by this. */
    private final Map<MessageKey, Long> sizes = new LinkedHashMap<>(16, 0.75f, true);

    /** What went while the survey was on its way, and null afterwards. */
    private @Nullable Set<MessageKey> gone = new HashSet<>();

    private long total;

    BodyFiles(Path home, long limit) {
        this.home = home;
        this.limit = limit;
    }

    /** The octets, or null when there is no such file. */
    byte @Nullable [] read(MessageKey key) throws IOException {
        try {
            var octets = Files.readAllBytes(file(key));
            used(key, octets.length);
            return octets;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Whether there is a file. */
    synchronized boolean holds(MessageKey key) {
        return sizes.containsKey(key) || (gone != null && Files.exists(file(key)));
    }

    /** Writes a file in place of the one there may be; a crash leaves the one or the other. */
    void write(MessageKey key, byte[] octets) throws IOException {
        var file = file(key);
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var aside = Files.createTempFile(
                file.getParent(),
                "",
                UNFINISHED,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(aside, octets);
            place(key, aside, octets.length);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private synchronized void place(MessageKey key, Path aside, long size) throws IOException {
        if (size > limit) {
            return;
        }
        removeFile(key);
        makeRoom(size);
        Files.move(aside, file(key), StandardCopyOption.ATOMIC_MOVE);
        count(key, size);
    }

    synchronized void remove(MessageKey key) throws IOException {
        removeFile(key);
    }

    /** Removes all files of an account. */
    synchronized void removeAccount(long accountId) throws IOException {
        for (var key : of(accountId)) {
            removeFile(key);
        }
        FileSystemUtils.deleteRecursively(home.resolve(Long.toString(accountId)));
    }

    /** The messages of an account that there are files of. */
    synchronized List<MessageKey> of(long accountId) {
        return sizes.keySet().stream()
                .filter(key -> key.accountId() == accountId)
                .toList();
    }

    /** The accounts that there are files of. */
    synchronized Set<Long> accounts() {
        var accounts = new HashSet<Long>();
        sizes.keySet().forEach(key -> accounts.add(key.accountId()));
        return accounts;
    }

    synchronized long total() {
        return total;
    }

    /** Takes stock of what is there, and removes what is too much or was never finished. Long; runs beside the others. */
    void survey() throws IOException {
        var found = new ArrayList<Found>();
        // Younger ones may be of a write that is under way.
        var before = FileTime.from(Instant.now().minus(LONGEST_WRITE));
        if (Files.isDirectory(home)) {
            Files.walkFileTree(home, new Survey(found, before));
        }
        found.sort(Comparator.comparing(Found::used));
        take(found);
    }

    private record Found(MessageKey key, long size, FileTime used) {}

    private synchronized void take(List<Found> found) throws IOException {
        var since = new LinkedHashMap<>(sizes);
        var removed = gone == null ? Set.<MessageKey>of() : gone;
        gone = null;
        sizes.clear();
        total = 0;
        for (var each : found) {
            if (!since.containsKey(each.key()) && !removed.contains(each.key())) {
                count(each.key(), each.size());
            }
        }
        since.forEach(this::count);
        makeRoom(0);
    }

    private final class Survey extends SimpleFileVisitor<Path> {
        private final List<Found> found;
        private final FileTime before;

        Survey(List<Found> found, FileTime before) {
            this.found = found;
            this.before = before;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            var key = key(file);
            if (key != null) {
                found.add(new Found(key, attributes.size(), attributes.lastModifiedTime()));
            } else if (attributes.lastModifiedTime().compareTo(before) < 0) {
                Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // went meanwhile, or cannot be read: no use to us
        }
    }

    private synchronized void used(MessageKey key, long size) throws IOException {
        if (sizes.get(key) == null) {
            if (gone == null) {
                return; // removed since
            }
            count(key, size);
        }
        Files.setLastModifiedTime(file(key), FileTime.from(Instant.now()));
    }

    private void makeRoom(long wanted) throws IOException {
        while (total + wanted > limit && !sizes.isEmpty()) {
            removeFile(sizes.keySet().iterator().next());
        }
    }

    private void count(MessageKey key, long size) {
        var before = sizes.put(key, size);
        total += size - (before == null ? 0 : before);
    }

    private void removeFile(MessageKey key) throws IOException {
        if (gone != null) {
            gone.add(key);
        }
        var size = sizes.remove(key);
        total -= size == null ? 0 : size;
        Files.deleteIfExists(file(key));
    }

    private Path file(MessageKey key) {
        return home.resolve(Long.toString(key.accountId()))
                .resolve("%02x".formatted(key.id() & 0xff))
                .resolve(Long.toString(key.id()));
    }

    private @Nullable MessageKey key(Path file) {
        try {
            var path = home.relativize(file);
            var key = new MessageKey(
                    Long.parseLong(path.getName(0).toString()),
                    Long.parseLong(path.getFileName().toString()));
            return file.equals(file(key)) ? key : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
