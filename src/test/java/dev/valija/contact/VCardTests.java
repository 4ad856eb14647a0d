package dev.valija.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VCardTests {
    private static final UserId ANNA = new UserId(7);

    @Test
    void version4() {
        assertThat(read("""
                        BEGIN:VCARD
                        VERSION:4.0
                        FN:García\\, Luis
                        N:García;Luis;;;
                        EMAIL;TYPE="home,x:y":luis@example.org
                        EMAIL;PREF=1:luis@work.example
                        END:VCARD
                        """)).containsExactly(card("García, Luis", "luis@example.org", "luis@work.example"));
    }

    @Test
    void version3OfApple() {
        assertThat(read("""
                        BEGIN:VCARD
                        VERSION:3.0
                        N:Oliveira;Marta;Rosa;;
                        item1.EMAIL;type=INTERNET;type=pref:marta@example.org
                        item1.X-ABLabel:_$!<Other>!$_
                        PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
                         %s
                        END:VCARD
                        """.formatted("A".repeat(100_000))))
                .containsExactly(card("Marta Rosa Oliveira", "marta@example.org"));
    }

    @Test
    void version21OfOldPhones() {
        assertThat(read("""
                        BEGIN:VCARD
                        VERSION:2.1
                        N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=
                        =C3=BCrgen;;;
                        EMAIL;INTERNET:juergen@example.org
                        PHOTO;JPEG;ENCODING=BASE64:
                          /9j/4AAQSkZJRg==

                        END:VCARD
                        """)).containsExactly(card("Jürgen Müller", "juergen@example.org"));
    }

    @Test
    void aCharsetIsTakenAsItIsNamedElseAsItMustBe() throws IOException {
        var latin = "BEGIN:VCARD\r\nFN:Jürgen\r\nEMAIL:j@example.org\r\nEND:VCARD\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(VCardReader.read(new ByteArrayInputStream(latin))).containsExactly(card("Jürgen", "j@example.org"));
        var koi = "BEGIN:VCARD\r\nFN;CHARSET=KOI8-R:Анна\r\nEMAIL:a@example.org\r\nEND:VCARD\r\n"
                .getBytes(Charset.forName("KOI8-R"));
        assertThat(VCardReader.read(new ByteArrayInputStream(koi))).containsExactly(card("Анна", "a@example.org"));
        assertThat(read("BEGIN:VCARD\nFN;CHARSET=../../x:Anna\nEMAIL:a@example.org\nEND:VCARD"))
                .containsExactly(card("Anna", "a@example.org"));
    }

    @Test
    void aCharacterMayBeFoldedApart() throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes("BEGIN:VCARD\r\nFN:J".getBytes(StandardCharsets.US_ASCII));
        out.write(0xC3);
        out.writeBytes("\r\n ".getBytes(StandardCharsets.US_ASCII));
        out.write(0xBC);
        out.writeBytes("rgen\r\nEMAIL:j@example.org\r\nEND:VCARD".getBytes(StandardCharsets.US_ASCII));
        assertThat(VCardReader.read(new ByteArrayInputStream(out.toByteArray())))
                .containsExactly(card("Jürgen", "j@example.org"));
    }

    @Test
    void whatBelongsToAnAgentIsNotTheirs() {
        assertThat(read("""
                        BEGIN:VCARD
                        FN:Boss
                        AGENT:
                        BEGIN:VCARD
                        FN:Agent
                        EMAIL:agent@example.org
                        END:VCARD
                        EMAIL:boss@example.org
                        END:VCARD
                        """)).containsExactly(card("Boss", "boss@example.org"));
    }

    @Test
    void whatIsBrokenIsReadAsFarAsItGoes() {
        assertThat(read("\uFEFFbegin:vcard\rfn:One\remail:<Mailto:one@example.org>\r"
                        + "BEGIN:VCARD\nno colon\n:\n;;:\n\nORG:Harbour;Dock\nEMAIL:\nEMAIL:two@example.org"))
                .containsExactly(card("One", "one@example.org"), card("Harbour", "two@example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "Name,Email\nAnna,a@example.org", "BEGIN:VCALENDAR\nEND:VCALENDAR"})
    void whatIsNoVCardIsTold(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_REQUEST));
    }

    @Test
    void moreCardsThanAnAddressBookHoldsAreRefused() {
        var card = "BEGIN:VCARD\nEMAIL:a@example.org\nEND:VCARD\n";
        assertThat(read(card.repeat(Contacts.MOST))).hasSize(Contacts.MOST);
        assertThatThrownBy(() -> read(card.repeat(Contacts.MOST + 1)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.REQUEST_TOO_LARGE));
    }

    @Test
    void noiseIsReadWithoutAFault() {
        var pieces = List.of(
                "BEGIN:VCARD\n",
                "END:VCARD\n",
                "FN:",
                "EMAIL:",
                "a@example.org",
                "\n ",
                "=\n",
                "\r",
                ";",
                ":",
                "\\",
                "\"",
                "ENCODING=QUOTED-PRINTABLE",
                "=C3",
                "AGENT:\n",
                "N:;;",
                "\u0000",
                "ü");
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder("BEGIN:VCARD\n");
            for (int n = random.nextInt(40); n > 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            for (var card : read(text.toString())) {
                assertThat(card.name() == null || card.name().chars().noneMatch(Character::isISOControl))
                        .isTrue();
            }
        }
    }

    @Test
    void whatIsWrittenIsReadBackAndNoValueEndsItsLine() {
        var name = "Ann\\, a; \r\nEMAIL:evil@example.net \u2028 " + "ü山🚀".repeat(40);
        var written = VCardWriter.card(ANNA, new Contact("3", name, "\"a,b;\\\\c\"@example.org", true, false, 1));
        var text = new String(written, StandardCharsets.UTF_8);

        assertThat(text.split("\r\n")).allSatisfy(line -> {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75);
            assertThat(line).doesNotContain("\n", "\r");
        });
        assertThat(text).contains("\r\nVERSION:4.0\r\n", "\r\nEMAIL:\"a\\,b\\;").containsOnlyOnce("\r\nEMAIL");
        assertThat(read(text)).singleElement().satisfies(card -> {
            assertThat(card.emails()).containsExactly("\"a,b;\\\\c\"@example.org");
            assertThat(card.name()).isEqualTo(ContactName.of(name));
        });
    }

    @Test
    void ofALongLineTheBeginningIsKept() throws IOException {
        var lines = new ContentLines(new ByteArrayInputStream(
                ("PHOTO:" + "x".repeat(1_000_000) + "\r\nEND:VCARD\r\n").getBytes(StandardCharsets.US_ASCII)));
        assertThat(lines.next()).hasSize(16_384);
        assertThat(lines.next()).asString().isEqualTo("END:VCARD");
    }

    @Test
    void aNameIsCutBetweenCharacters() {
        assertThat(ContactName.of("x".repeat(1_000))).hasSize(200);
        assertThat(ContactName.of("x".repeat(199) + "😀")).isEqualTo("x".repeat(199));
    }

    private static VCard card(String name, String... emails) {
        return new VCard(name, List.of(emails));
    }

    private static List<VCard> read(String text) {
        try {
            return VCardReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
