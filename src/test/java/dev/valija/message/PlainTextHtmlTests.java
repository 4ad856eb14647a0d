package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

class PlainTextHtmlTests {

    @Test
    void markupInTheTextIsShownNotObeyed() {
        String html = PlainTextHtml.render(
                "<script>alert(1)</script> & \"x\" 'y'\nhttps://a.example/\"onmouseover=\"alert(1)");

        assertThat(Jsoup.parse(html).select("script, [onmouseover]")).isEmpty();
        assertThat(Jsoup.parse(html).text()).contains("<script>alert(1)</script> & \"x\" 'y'");
    }

    @Test
    void linksAndAddressesCanBeFollowed() {
        var page = Jsoup.parse(PlainTextHtml.render(
                "See (https://example.org/a_(b)?x=1&y=2). Or www.example.org, or anna@example.org!"));

        assertThat(page.select("a").eachAttr("href"))
                .containsExactly(
                        "https://example.org/a_(b)?x=1&y=2", "http://www.example.org", "mailto:anna@example.org");
    }

    @Test
    void aLongLinkIsWholeOrNone() {
        String url = "https://example.org/?t=" + "x".repeat(4_000);
        assertThat(Jsoup.parse(PlainTextHtml.render("See " + url + "."))
                        .select("a")
                        .attr("href"))
                .isEqualTo(url);
        var none = Jsoup.parse(PlainTextHtml.render("See " + url.repeat(3) + " or https://example.org"));
        assertThat(none.select("a").eachAttr("href")).containsExactly("https://example.org");
        assertThat(none.text()).contains(url.repeat(3));
    }

    @Test
    void quotesAreNested() {
        var page = Jsoup.parse(PlainTextHtml.render("hi\n> one\n>> two\n> one again\nbye"));

        assertThat(page.select("blockquote blockquote").text()).isEqualTo("two");
        assertThat(page.select("div > blockquote").first().ownText()).contains("one", "one again");
    }

    @Test
    void aStreamOfBracketsTakesNoTime() {
        assertThat(PlainTextHtml.render(("https://e.example/" + ")".repeat(1900) + " ").repeat(1000)))
                .isNotEmpty();
        assertThat(PlainTextHtml.render(">".repeat(100_000) + "\n" + "a".repeat(1_000_000)))
                .isNotEmpty();
    }
}
