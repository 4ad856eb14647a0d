package dev.valija.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.FileType.Preview;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTypeTests {
    private static final byte[] PROGRAM = program();

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a0000000d49484452, x, image/png, IMAGE",
        "ffd8ffe000104a46494600, x, image/jpeg, IMAGE",
        "474946383961, x, image/gif, IMAGE",
        "5249464624000000574542505650382018000000, x, image/webp, IMAGE",
        "0000001c667479706176696600000000, x, image/avif, IMAGE",
        "255044462d312e370a25e2e3cfd30a, x, application/pdf, PDF",
        "494433030000000000, x, audio/mpeg, AUDIO",
        "fffb9064000000, x.mp3, audio/mpeg, AUDIO",
        "524946462400000057415645666d742010, x, audio/wav, AUDIO",
        "664c6143000000, x, audio/flac, AUDIO",
        "00000020667479706d703432000000006d703432, x, video/mp4, VIDEO",
        "0000001c667479704d34412000000000, x, audio/mp4, AUDIO",
        "1a45dfa39f4286810142f7810142f2810442f381084282847765626d, x, video/webm, VIDEO",
        "1a45dfa3a34286810142f7810142f2810442f3810842828861746f736b61, x, video/x-matroska,",
        "4d5a90000300000004000000ffff0000, invoice.pdf, application/x-msdownload,",
        "7f454c460201010000000000000000000200, photo.jpg, application/x-executable,",
        "1f8b0800000000000003, x, application/gzip,",
        "00010203040506070809, report.pdf, application/octet-stream,",
    })
    void aFileIsWhatItsOctetsAre(String octets, String name, String type, Preview preview) {
        var found = FileType.of(HexFormat.of().parseHex(octets), name, "text/html");
        assertThat(found.preview()).isEqualTo(preview);
        assertThat(found.type()).isEqualTo(type);
    }

    @Test
    void aTextIsTheKindOfTextThatItIsSaidToBe() {
        var text = "one,two\r\nthree,four\r\n".getBytes(UTF_8);
        assertThat(FileType.of(text, "a.txt", "text/plain")).isEqualTo(new FileType("text/plain", Preview.TEXT));
        assertThat(FileType.of(text, "a", "text/csv")).isEqualTo(new FileType("text/csv", Preview.TEXT));
        assertThat(FileType.of(text, "a.csv", "application/octet-stream").type())
                .isEqualTo("text/csv");
        for (var active :
                new String[] {"text/html", "text/xml", "text/javascript", "text/css", "image/png", "text/x\"y"}) {
            assertThat(FileType.of(text, "a", active).type()).as(active).isEqualTo("text/plain");
        }
    }

    @Test
    void aTextInAnotherCharsetIsATextIfTheMailSaysSo() {
        var latin = "Grüße".getBytes(ISO_8859_1);
        assertThat(FileType.of(latin, "a.pdf", "text/plain")).isEqualTo(new FileType("text/plain", Preview.TEXT));
        assertThat(FileType.of(latin, "a.pdf", "text/plain").contradicts("a.pdf"))
                .isTrue();
        assertThat(FileType.of(latin, "a.txt", "application/pdf").preview()).isNull();
        assertThat(FileType.of(latin, "a.txt", "text/html").preview()).isNull();
        assertThat(FileType.of(new byte[] {-4, 0, -33}, "a.txt", "text/plain").preview())
                .isNull();
    }

    @Test
    void nothingThatABrowserRunsIsShown() {
        for (var page : new String[] {
            "<!DOCTYPE html><html><script>alert(1)</script>",
            "<html>",
            "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'/>",
        }) {
            for (var name : new String[] {"a", "a.png", "a.svg", "a.html", "a.xhtml", "a.xml", "a.pdf"}) {
                assertThat(FileType.of(page.getBytes(UTF_8), name, "image/png").preview())
                        .as("%s named %s", page, name)
                        .isNull();
            }
        }
        for (var name : new String[] {"a.html", "a.svg", "a.xhtml", "a.js", "a.css", "a.xsl"}) {
            assertThat(FileType.of("alert(1)".getBytes(UTF_8), name, "text/html")
                            .preview())
                    .as(name)
                    .isNull();
        }
    }

    @Test
    void aDocumentInAZipIsKnownByItsName() throws IOException {
        var zip = zip("[Content_Types].xml");
        assertThat(FileType.of(zip, "Plan.DOCX", "").type())
                .isEqualTo("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        assertThat(FileType.of(zip, "plan.pdf", "").type()).isEqualTo("application/zip");
        assertThat(FileType.of(zip, "plan.docx", "").contradicts("plan.docx")).isFalse();
        assertThat(FileType.of(zip, "plan.pdf", "").contradicts("plan.pdf")).isTrue();
        assertThat(FileType.of(zip, "plan.docm", "").isProgram("plan.docm")).isTrue();
    }

    @Test
    void whatRunsIsAProgramWhateverItIsCalled() {
        for (var name : new String[] {"invoice.pdf", "photo.jpg", "a", "plan.docx", "notes.txt", "song.mp3"}) {
            var type = FileType.of(PROGRAM, name, "application/pdf");
            assertThat(type.isProgram(name)).as(name).isTrue();
            assertThat(type.contradicts(name)).as(name).isEqualTo(!name.equals("a"));
        }
        assertThat(FileType.of(PROGRAM, "setup.exe", "").contradicts("setup.exe"))
                .isFalse();
        var text = FileType.of("@echo off\r\n".getBytes(UTF_8), "run.bat", "text/plain");
        assertThat(text.isProgram("run.bat")).isTrue();
        assertThat(FileType.of("dir\r\n".getBytes(UTF_8), "run.txt", "").isProgram("run.txt"))
                .isFalse();
        assertThat(FileNames.isDisguised("invoice.pdf.exe")).isTrue();
        assertThat(FileNames.isDisguised("invoice.pdf .exe")).isTrue();
        assertThat(FileNames.isDisguised("setup-1.2.exe")).isFalse();
        assertThat(FileNames.isDisguised("archive.tar.gz")).isFalse();
        assertThat(FileNames.isDisguised("exe")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ffd8ffe000104a46494600, photo.png",
        "ffd8ffe000104a46494600, photo.JPG",
        "255044462d312e370a, report.pdf",
        "7b226b6579223a20317d0a, data.json",
        "424547494e3a5643414c454e4441520d0a, invite.ics",
        "2d2d2d2d2d424547494e205047502d2d2d2d2d0a, signature.asc",
        "46726f6d3a2061406578616d706c652e6f72670d0a, mail.eml",
        "00000020667479706d703432000000006d703432, film.mov",
        "00010203040506070809, report.pdf",
        "68656c6c6f0a, Dr. Who",
        "23204d61726b646f776e0a, README.md",
    })
    void harmlessDifferencesAreNoContradiction(String octets, String name) {
        var type = FileType.of(HexFormat.of().parseHex(octets), name, "application/octet-stream");
        assertThat(type.contradicts(name)).as("%s: %s", name, type).isFalse();
    }

    @Test
    void aPageNamedLikeADocumentIsTold() {
        var page = FileType.of("<html><body>Your account".getBytes(UTF_8), "statement.pdf", "application/pdf");
        assertThat(page.contradicts("statement.pdf")).isTrue();
        assertThat(FileType.of("hello".getBytes(UTF_8), "a.pdf", "application/pdf")
                        .contradicts("a.pdf"))
                .isTrue();
    }

    @Test
    void aTextIsReadInItsCharset() {
        var umlauts = "Grüße\n".repeat(3000);
        assertThat(FileType.charset(umlauts.getBytes(UTF_8), null)).isEqualTo("UTF-8");
        assertThat(FileType.charset(umlauts.getBytes(ISO_8859_1), "utf-8")).isEqualTo("windows-1252");
        assertThat(FileType.charset(umlauts.getBytes(ISO_8859_1), "iso-8859-1")).isEqualTo("windows-1252");
        assertThat(FileType.charset(new byte[] {}, "gb2312")).isEqualTo("gb18030");
        assertThat(FileType.charset(new byte[] {}, "utf-7")).isEqualTo("UTF-8");
        var japanese = "これは添付ファイルの文字コードを調べるための文章です。".repeat(5);
        assertThat(FileType.charset(japanese.getBytes(Charset.forName("windows-31j")), null))
                .isEqualTo("shift_jis");
        assertThat(FileType.charset(("\ufeff" + umlauts).getBytes(UTF_16LE), null))
                .isEqualTo("UTF-16LE");
        for (int cut = 0; cut < 12; cut++) {
            var first = java.util.Arrays.copyOfRange(umlauts.getBytes(UTF_8), cut, cut + FileType.OCTETS);
            if (first[0] >= 0) {
                assertThat(FileType.charset(first, null)).isEqualTo("UTF-8");
            }
        }
    }

    private static byte[] program() {
        var octets = new byte[512];
        byte[] head = HexFormat.of().parseHex("4d5a90000300000004000000ffff0000b8000000000000004000");
        System.arraycopy(head, 0, octets, 0, head.length);
        octets[60] = (byte) 0x80;
        System.arraycopy(HexFormat.of().parseHex("504500006486"), 0, octets, 0x80, 6);
        return octets;
    }

    private static byte[] zip(String name) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(1);
        }
        return out.toByteArray();
    }
}
