package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.json.JsonMapper;

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

    /** Vectors kept as JSON: {@code items[].data}, with placeholders named at the top of the file. */
    @Test
    @EnabledIfEnvironmentVariable(named = "VALIJA_VECTORS", matches = ".+", disabledReason = "needs a file of vectors")
    void noVectorInTheFileComesThrough() throws IOException {
        var file = JsonMapper.shared().readTree(Files.readAllBytes(Path.of(System.getenv("VALIJA_VECTORS"))));
        int count = 0;
        for (var item : file.path("items")) {
            String data = item.path("data").asString("");
            for (var placeholder : file.path("payload_placeholders").properties()) {
                data = data.replace(
                        "%" + placeholder.getKey() + "%", placeholder.getValue().asString(""));
            }
            var clean = HtmlSanitizer.clean(data, HtmlSanitizer.Options.blocked(cid -> null));
            SafeHtml.assertHarmless(clean.html());
            SafeHtml.assertFixed(clean.html());
            SafeHtml.assertHarmless(PlainTextHtml.render(data).replaceAll(" (style|class|type)=\"[^\"]*\"", ""));
            count++;
        }
        assertThat(count).isPositive();
        System.out.println(count + " vectors cleaned");
    }

    /** Another parser (mime4j) finds no attachment that we lose. */
    @Test
    void noAttachmentIsLost() throws IOException {
        List<Path> files;
        try (var walk = Files.walk(Path.of(System.getenv("VALIJA_CORPUS")))) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(eml|raw|msg)"))
                    .toList();
        }
        var lost = new ArrayList<String>();
        for (Path file : files) {
            byte[] raw = Files.readAllBytes(file);
            var builder = new DefaultMessageBuilder();
            builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
            int theirs = leaves(builder.parseMessage(new ByteArrayInputStream(raw)));
            long ours = MimeReader.read(raw).structure().leaves().count();
            if (ours < theirs) {
                lost.add(file + ": we find " + ours + " parts, mime4j " + theirs);
            }
        }
        assertThat(files).isNotEmpty();
        assertThat(lost).isEmpty();
    }

    private static int leaves(Entity entity) {
        return entity.getBody() instanceof Multipart multipart
                ? multipart.getBodyParts().stream()
                        .mapToInt(CorpusTests::leaves)
                        .sum()
                : 1;
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
