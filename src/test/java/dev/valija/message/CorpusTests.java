package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Reads every file of a folder named by {@code VALIJA_CORPUS} through all of the module: none may throw. */
@EnabledIfEnvironmentVariable(named = "VALIJA_CORPUS", matches = ".+", disabledReason = "needs a folder of mail")
class CorpusTests {

    @Test
    void noMailInTheFolderBreaksAnything() throws IOException {
        List<Path> files;
        try (var walk = Files.walk(Path.of(System.getenv("VALIJA_CORPUS")))) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        var failures = new ArrayList<String>();
        for (Path file : files) {
            byte[] raw = Files.readAllBytes(file);
            try {
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> readAll(raw));
            } catch (Throwable e) {
                failures.add(file + ": " + e);
            }
        }
        assertThat(failures).isEmpty();
        System.out.println(files.size() + " files read");
    }

    private static void readAll(byte[] raw) {
        var mail = MimeReader.read(raw);
        BaseSubject.of(mail.envelope().subject());
        mail.structure().leaves().forEach(part -> {
            mail.decoded(part).orElseThrow();
            String text = mail.text(part);
            Preview.ofHtml(text);
            Preview.ofText(text);
            PlainTextHtml.render(text);
            HtmlSanitizer.clean(text, HtmlSanitizer.Options.blocked(cid -> null));
        });
    }
}
