package dev.valija.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.valija.message.BodyPart;
import dev.valija.message.DeliveryReport;
import dev.valija.message.MimeReader;
import dev.valija.message.Preview;
import dev.valija.message.Unpacked;
import dev.valija.upstream.MessageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever octets come as a mail, they are taken apart without complaint. The mails of the corpus are its seeds, which
 * is all that is run without {@code JAZZER_FUZZ=1 ./mvnw test -Dskip.frontend -Dtest=MimeFuzzTests}, which goes on for
 * the time said below.
 */
class MimeFuzzTests {
    private static final Path CORPUS = Path.of("src/test/resources/mail");

    static Stream<Arguments> corpus() throws IOException {
        try (var files = Files.list(CORPUS)) {
            return files
                    .filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .map(MimeFuzzTests::octets)
                    .map(octets -> Arguments.of((Object) octets))
                    .toList()
                    .stream();
        }
    }

    @MethodSource("corpus")
    @FuzzTest(maxDuration = "5m")
    void everyMailIsTakenApart(byte[] raw) {
        if (raw == null) {
            return; // what the fuzzer starts with
        }
        var mail = MimeReader.read(raw);
        var ids = mail.structure().allLeaves().map(BodyPart::partId).toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2000);
        mail.structure().allLeaves().forEach(part -> {
            assertThat(mail.decoded(part)).isPresent();
            Preview.ofText(mail.text(part));
        });
        var source = MessageSource.of(mail);
        var unpacked = Unpacked.of(source.structure(), source.parts());
        assertThat(unpacked.structure().allLeaves().map(BodyPart::partId).toList())
                .doesNotHaveDuplicates();
        DeliveryReport.read("message/delivery-status", raw, raw);
        DeliveryReport.read("message/disposition-notification", raw, null);
    }

    private static byte[] octets(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
