package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Mail spoilt at random: a file of the corpus, changed in one to eight places. A number always gives the same mail. */
public final class MutantMail {
    private static final Path CORPUS = Path.of("src/test/resources/mail");
    private static final int LONGEST = 300_000;
    /** What parsers trip over, once more or less than they expect. */
    private static final List<String> TOKENS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\r\n\r\n",
            "--",
            "--x--\r\n",
            "=\r\n",
            "=3D",
            "=?utf-8?q?",
            "=?utf-7?B?+ADw-?=",
            "?=",
            ";",
            "\"",
            "\\",
            "<",
            ">",
            "(",
            ")",
            "@",
            ",",
            "\u202e",
            "\ufeff",
            "%00",
            "*0*=",
            "charset=utf-7; ",
            "charset=\"\"; ",
            "Content-Type: multipart/mixed; boundary=x\r\n",
            "Content-Type: message/rfc822\r\n",
            "Content-Type: text/html; charset=utf-16\r\n",
            "Content-Type: text/plain; format=flowed; delsp=yes\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: quoted-printable\r\n",
            "Content-Disposition: attachment; filename*0*=utf-8''..%2F; filename*1=\"x\"\r\n",
            "Subject: \r\n",
            "Date: Thu, 99 Foo 99999 99:99:99 +9999\r\n",
            "begin 644 x\r\n",
            "<svg><style><img src=x onerror=alert(1)>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<a href=\"jav&#x09;ascript:alert(1)\">",
            "<![CDATA[",
            "<!--",
            "-->",
            "<p style=\"background:u\\72l(//tracker.example)\">",
            "<img srcset=\"//tracker.example 1x\">",
            "<template><form><input name=attributes>",
            "</noscript><script>alert(1)</script>",
            "&#0;&#x110000;&NotAnEntity;");

    private final List<byte[]> corpus;

    private MutantMail(List<byte[]> corpus) {
        this.corpus = corpus;
    }

    public static MutantMail ofCorpus() {
        try (var files = Files.list(CORPUS)) {
            return new MutantMail(files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .map(MutantMail::octets)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] octets(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] number(long number) {
        var random = new Random(number);
        var mail = any(random);
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            mail = changed(mail, random);
        }
        return mail;
    }

    private byte[] any(Random random) {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private byte[] changed(byte[] mail, Random random) {
        int from = random.nextInt(mail.length + 1);
        int to = Math.min(mail.length, from + random.nextInt(1 + random.nextInt(400)));
        return switch (random.nextInt(9)) {
            case 0 -> joined(mail, 0, from, new byte[0], mail, to, mail.length);
            case 1 -> joined(mail, 0, to, new byte[0], mail, from, mail.length);
            case 2 -> joined(mail, 0, from, token(random), mail, from, mail.length);
            case 3 -> joined(mail, 0, from, token(random), mail, to, mail.length);
            case 4 -> joined(mail, 0, from, repeated(token(random), 1 + random.nextInt(3000)), mail, from, mail.length);
            case 5 -> {
                var other = any(random);
                yield joined(mail, 0, from, new byte[0], other, random.nextInt(other.length + 1), other.length);
            }
            case 6 -> joined(mail, 0, from, new byte[0], mail, mail.length, mail.length);
            case 7 -> {
                var noise = new byte[1 + random.nextInt(20)];
                random.nextBytes(noise);
                yield joined(mail, 0, from, noise, mail, Math.min(mail.length, from + noise.length), mail.length);
            }
            default -> {
                var flipped = mail.clone();
                if (flipped.length > 0) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    private static byte[] token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] repeated(byte[] token, int times) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(token);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] head, int a, int b, byte[] middle, byte[] tail, int c, int d) {
        var out = new ByteArrayOutputStream();
        out.write(head, a, b - a);
        out.writeBytes(middle);
        out.write(tail, c, d - c);
        var all = out.toByteArray();
        return all.length <= LONGEST ? all : java.util.Arrays.copyOf(all, LONGEST);
    }
}
