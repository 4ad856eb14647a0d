package dev.valija.collection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where messages are on their way from one server to the other. */
@Component
class Spools {
    private final Path directory;

    Spools(@Value("${valija.data-dir:data}") Path data) {
        this.directory = data.resolve("collecting");
    }

    Spool open() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return new Spool(directory);
    }
}
