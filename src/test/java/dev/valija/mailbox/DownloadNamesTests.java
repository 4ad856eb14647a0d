package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.FileNames;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ContentDisposition;

class DownloadNamesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.pdf",
                "with space.pdf",
                "semi;colon, and = 'quotes'.pdf",
                "100% sure.txt",
                "quo\"te.txt",
                "Übersicht März.xlsx",
                "見積書 最終.pdf",
                "😀.png",
                "a\r\nX-Injected: yes.txt",
                "%0d%0aX-Injected%3a yes.txt",
                "a\"; filename*=UTF-8''evil.exe",
                "~!#$&+-.^_`|.txt",
            })
    void whatADispositionSaysIsReadBackTheSame(String given) {
        var name = FileNames.clean(given);
        var header = DownloadNames.disposition("attachment", name);
        assertThat(header)
                .matches("attachment; filename=\"[\\x20-\\x7e&&[^\"\\\\%]]*\"; filename\\*=UTF-8''[\\x21-\\x7e]+");
        var read = ContentDisposition.parse(header);
        assertThat(read.isAttachment()).isTrue();
        assertThat(read.getFilename()).isEqualTo(name);
        assertThat(read.getCharset()).isEqualTo(StandardCharsets.UTF_8);
    }
}
