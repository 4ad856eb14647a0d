package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mails as they are really sent keep their text and their layout. What they look like afterwards is written to
 * {@code target/html}; {@code npm --prefix frontend run letters} makes pictures of it.
 */
class NewsletterTests {
    private static final Path FILES = Path.of("src/test/resources/html");
    private static final Path SHOWN = Path.of("target/html");

    static List<Path> mails() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("mails")
    void aMailKeepsAllOfItsText(Path file) throws IOException {
        String html = Files.readString(file);
        String clean = SafeHtml.again(html);
        Files.createDirectories(SHOWN);
        Files.writeString(SHOWN.resolve(file.getFileName()), clean);

        assertThat(words(Jsoup.parse(clean).body().text())).isEqualTo(words(body(html)));
        SafeHtml.assertHarmless(clean);
        SafeHtml.assertFixed(clean);
    }

    /** What a browser shows as text; an image map's areas are links here. */
    private static String body(String html) {
        Document page = Jsoup.parse(html);
        page.select("style, script, title").remove();
        page.select("area").forEach(area -> area.after(area.attr("alt")));
        return page.body().text();
    }

    private static String words(String text) {
        return text.replaceAll("[\\s\\u00a0]+", " ").strip();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "newsletter-tables.html | td.m-id-bodyCell>table.m-id-templateContainer[width=600]",
                "newsletter-tables.html | td[bgcolor=#22333b] > img[width=180][alt=Harbour Books]",
                "newsletter-tables.html | td.m-column.m-bodyContent[width=50%] + td.m-column.m-bodyContent[width=50%]",
                "newsletter-tables.html | div.m--body > span[style^=display:none!important]",
                "hybrid-columns.html | div.m-stack-column[style*=max-width:310px] + div.m-stack-column",
                "hybrid-columns.html | a.m-button-a[style*=background:#0d9488][href]",
                "mjml-columns.html | div.m-mj-column-per-33-333:nth-child(3)[style*=inline-block]",
                "bulletproof-button.html | div.m--body[style*=background-color:#fafafa]",
                "bulletproof-button.html | a[style*=line-height:44px][href=https://id.example.net/reset?token=a%20b&x=1]",
                "background-hero.html | td.m-hero[style=padding:64px 40px] h2",
                "background-hero.html | div.m--body.m-wrapper[style=margin:0]",
                "outlook-word.html | p.m-MsoListParagraph[style=text-indent:-18.0pt]",
                "outlook-word.html | td[style*=border:solid windowtext 1.0pt]",
                "outlook-word.html | span[style=background:yellow]",
                "gmail-reply.html | div.m-gmail_quote > blockquote.m-gmail_quote[style*=border-left] > blockquote",
                "apple-mail.html | img[src^=data:image/png][width=120]",
                "apple-mail.html | blockquote[type=cite]",
                "rtl.html | div.m--body[dir=rtl][lang=ar] > div.m-box td[dir=ltr]",
                "preheader-flood.html | div.m-preheader + div[style*=display:none]",
                "receipt-nested.html | div[style=margin:1em 0] > table th[width=60%][align=left]",
                "receipt-nested.html | td > span[style=white-space:nowrap]",
                "forum-digest.html | ul.m-posts > li > div.m-avatar",
                "form-survey.html | td.m-rate[width=33%] > a[href]",
                "form-survey.html | span[style*=background:#b45309]",
            })
    void aMailKeepsItsLayout(String file, String element) throws IOException {
        assertThat(Jsoup.parse(SafeHtml.again(Files.readString(FILES.resolve(file))))
                        .select(element))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "newsletter-tables.html | .m--body .m-id-bodyCell.m-id-bodyCell{padding:24px 0;background-color:#e9e4d8}",
                "newsletter-tables.html | @media (max-width:480px){",
                "newsletter-tables.html | .m--body .m-column{display:block!important;width:100%!important}",
                "hybrid-columns.html | @media (prefers-color-scheme:dark){",
                "hybrid-columns.html | .m--body .m-button-a:hover{background:#0f766e!important;border-color:#0f766e!important}",
                "mjml-columns.html | @media (min-width:480px){.m--body .m-mj-column-per-33-333{width:33.333%!important",
                "background-hero.html | background-image:linear-gradient(90deg, #ff7a18, #af002d);border-radius:24px",
                "background-hero.html | .m--body .m-card+.m-card{border-left:1px solid #d8dee9}",
                "outlook-word.html | .m--body p.m-MsoNormal,.m--body li.m-MsoNormal,.m--body div.m-MsoNormal{margin:0cm;",
                "rtl.html | .m--body .m-row td:last-child{text-align:left}",
                "forum-digest.html | .m--body ul.m-posts>li{display:flex;gap:12px;padding:12px 0;",
                "form-survey.html | .m--body td.m-rate{display:block!important;width:100%!important}",
            })
    void aMailKeepsTheRulesOfItsStyleSheet(String file, String rule) throws IOException {
        assertThat(SafeHtml.again(Files.readString(FILES.resolve(file)))).contains(rule);
    }
}
