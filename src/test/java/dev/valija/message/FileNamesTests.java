package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTests {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "report.pdf,report.pdf",
                "../../etc/passwd,passwd",
                "C:\\Users\\anna\\cv.doc,cv.doc",
                "a/b\\c/d.txt,d.txt",
                ".bashrc,bashrc",
                "...,",
                " ,",
                "./,",
                "program.exe.,program.exe",
                "program.exe. . . ,program.exe",
                "invoice.pdf                      .exe,invoice.pdf .exe",
                "what?<is>|this*:\"\"\".txt,what__is__this_____.txt",
                "CON,_CON",
                "nul.txt,_nul.txt",
                "Com1.tar.gz,_Com1.tar.gz",
                "lpt³,_lpt³",
                "aux .doc,_aux .doc",
                "conin$,_conin$",
                "console.txt,console.txt",
                "com10.txt,com10.txt",
                "Übersicht März.xlsx,Übersicht März.xlsx",
                "見積書.pdf,見積書.pdf",
            })
    void aNameIsMadeFitToBeSaved(String given, String expected) {
        assertThat(FileNames.clean(given)).isEqualTo(expected);
    }

    @Test
    void nothingHidesOrReordersWhatIsShown() {
        assertThat(FileNames.clean("ann\u202efdp.exe")).isEqualTo("annfdp.exe");
        assertThat(FileNames.clean("\u2067cod.\u2069exe")).isEqualTo("cod.exe");
        assertThat(FileNames.clean("a\u200b\ufeff\u00adb\u0000\u0007.txt")).isEqualTo("ab.txt");
        assertThat(FileNames.clean("a\u3164\u115f\u2800\u00a0\u2003.pdf\u3164.exe"))
                .isEqualTo("a .pdf .exe");
        assertThat(FileNames.clean("a\r\nb\tc\u2028.txt")).isEqualTo("a b c .txt");
        assertThat(FileNames.clean("tag\udb40\udc65\udb40\udc78.txt")).isEqualTo("tag.txt");
        assertThat(FileNames.clean("half\ud800.txt")).doesNotContain("\ud800");
    }

    @Test
    void anExtensionThatIsLongerInLowerCaseIsKept() {
        assertThat(FileNames.clean("a".repeat(300) + ".İİ")).endsWith("a.İİ");
    }

    @Test
    void aFloodOfCombiningMarksIsDammed() {
        assertThat(FileNames.clean("e" + "\u0301".repeat(500) + ".txt")).hasSizeLessThanOrEqualTo(9);
        assertThat(FileNames.clean("u\u0308ber.txt"))
                .as("and what belongs together is put together")
                .isEqualTo("über.txt");
        assertThat(FileNames.clean("ใบเสร็จ.pdf")).isEqualTo("ใบเสร็จ.pdf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "a."})
    void aLongNameFitsFileSystemsAndKeepsItsEnd(String letter) {
        for (var extension : new String[] {".pdf", ".漢漢漢", ""}) {
            var clean = FileNames.clean(letter.repeat(1000) + extension);
            assertThat(clean).isNotNull().endsWith(extension).doesNotEndWith(".");
            assertThat(clean.codePointCount(0, clean.length())).isBetween(40, 180);
            assertThat(clean.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(235);
        }
    }

    @Test
    void cleaningAgainChangesNothing() {
        var random = new Random(7);
        var letters =
                "abc ./\\:.._-\u202e\u0301漢😀\u3164\r\nconexe=?\"%".codePoints().toArray();
        for (int i = 0; i < 20_000; i++) {
            var name = new StringBuilder();
            random.ints(random.nextInt(40), 0, letters.length).forEach(at -> name.appendCodePoint(letters[at]));
            var once = FileNames.clean(name.toString());
            assertThat(FileNames.clean(once)).as("%s", name).isEqualTo(once);
            if (once != null) {
                assertThat(once)
                        .doesNotContainPattern("[\\p{Cntrl}\u202e/\\\\:]")
                        .doesNotEndWith(".");
            }
        }
    }

    @Test
    void theExtensionIsWhatStandsLast() {
        assertThat(FileNames.extension("invoice.pdf.EXE")).isEqualTo("exe");
        assertThat(FileNames.extension("README")).isEmpty();
        assertThat(FileNames.extension("Dr. Who and the very long word")).isEmpty();
    }
}
