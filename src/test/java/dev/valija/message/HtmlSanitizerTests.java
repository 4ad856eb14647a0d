package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.valija.message.HtmlSanitizer.Options;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

        SafeHtml.assertHarmless(clean);
        SafeHtml.assertFixed(clean);
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

        assertThat(page.selectFirst("body > div.m--body").attr("style")).isEqualTo("background-color:#eeeeee;margin:0");
        assertThat(page.selectFirst("table").attributes().asList().toString())
                .contains("width=\"600\"", "align=\"center\"", "bgcolor=\"#ffffff\"", "cellpadding=\"0\"");
        assertThat(page.selectFirst("td").attr("style")).isEqualTo("font-family:Arial,sans-serif;color:#333333");
        assertThat(page.selectFirst("td").attr("colspan")).isEqualTo("2");
        assertThat(page.selectFirst("td").className()).isEqualTo("m-cell");
        assertThat(page.selectFirst("font").attr("color")).isEqualTo("red");
        assertThat(page.selectFirst("style").data()).isEqualTo("""

                .m--body .m-button{background-color:#0055aa;color:white;padding:12px}
                @media (max-width:600px){.m--body .m-button{display:block}
                }
                .m--body td.m-cell{font-size:14px}
                """);
    }

    @Test
    void aStyleSheetStaysWithinItsMail() {
        String clean = HtmlSanitizer.clean("""
                        <style>
                          @import url(https://a.example/x.css); @font-face { font-family: x; src: url(https://a.example/f) }
                          html, body { margin: 0 } body.dark p, .dark { color: #fff }
                          #main > td[class="two"]:hover { width: 50% !important }
                          td[data-x] , a::before, u + .gmail { color: red }
                          .cover { position: fixed; top: 0; z-index: 9; margin-top: -900px; height: 100vh; width: 10px }
                          @media print { p { color: red } } @supports (color: red) { p { color: blue } }
                          @media (prefers-color-scheme: dark) { .dark { background: #000 url(x.png) } }
                        </style><body class="dark"><table><tr id=main><td class="two other">x</table><p class=cover>y""", BLOCKED).html();

        assertThat(Jsoup.parse(clean).selectFirst("style").data().lines())
                .containsExactly(
                        "",
                        ".m--body,.m--body{margin:0}",
                        ".m--body.m-dark p,.m--body .m-dark,.m--body.m-dark{color:#fff}",
                        ".m--body .m-id-main.m-id-main>td.m-two:hover{width:50%!important}",
                        ".m--body u+.m-gmail{color:red}",
                        ".m--body .m-cover{width:10px}",
                        "@media (prefers-color-scheme:dark){.m--body .m-dark,.m--body.m-dark{background-color:#000}",
                        "}");
        assertThat(clean).contains("<tr class=\"m-id-main\">", "<td class=\"m-two\">", "<p class=\"m-cover\">");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "color:red;position:fixed;top:0 | color:red",
                "background:url('https://t.example/x') no-repeat #fff | background-color:#fff",
                "background:u\\72l(https://t.example/x),rgb(1,2,3) | background-color:rgb(1,2,3)",
                "background-image:linear-gradient(90deg,#fff,#000) | background-image:linear-gradient(90deg,#fff,#000)",
                "background-image:image-set('https://t.example/x' 1x) |''",
                "font:bold 12px/1.5 \"Helvetica Neue\", sans-serif | font:bold 12px/1.5 'Helvetica Neue', sans-serif",
                "font-family:'x\\27 ;background:url(//t.example)' | font-family:'xbackgroundurlt.example'",
                "width:calc(100% - 20px)!important; | width:calc(100% - 20px)!important",
                "margin:0 -20px; margin-left:calc(-1 * 20px); text-indent:-18pt | text-indent:-18pt",
                "mso-line-height-rule:exactly;line-height:1.5;-webkit-text-size-adjust:100% | line-height:1.5",
                "width:expression(alert(1));behavior:url(x);--x:1;color:var(--x) |''",
                "color:r/**/ed;color:blue | color:r ed;color:blue",
                "height:100vh;min-height:100dvh;width:99999px |''",
                "color:red;} p{color:blue}; font-size:3px | color:red;font-size:3px",
                "content:'x';transform:scale(9);animation:x 1s;filter:blur(1px);cursor:pointer |''",
                "box-shadow:0 0 0 9999px #000;text-shadow:1px 1px #000 | text-shadow:1px 1px #000",
            })
    void aStyleKeepsWhatIsAllowed(String style, String kept) {
        String clean = HtmlSanitizer.clean("<p style=\"" + style.replace("\"", "&quot;") + "\">x</p>", BLOCKED)
                .html();

        assertThat(Jsoup.parse(clean).selectFirst("p").attr("style")).isEqualTo(kept);
        SafeHtml.assertHarmless(clean);
        SafeHtml.assertFixed(clean);
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

    @Test
    void aBlockedImageHasOneListOfClasses() {
        var clean =
                HtmlSanitizer.clean("<style>.a{color:red}</style><img class=a src=https://example.org/x.png>", BLOCKED);

        assertThat(clean.html()).contains("<img class=\"valija-blocked-image m-a\">");
    }

    @Test
    void sheetsOfManyRulesOrSelectorsAreReadInOnePass() {
        var rules = "<style>" + "@a;".repeat(90_000) + "p{color:red}</style><p>x</p>";
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> HtmlSanitizer.clean(rules, BLOCKED))
                        .html())
                .contains("color:red");
        var classes = IntStream.range(0, 170_000).mapToObj(n -> "c" + n).collect(Collectors.joining(" "));
        var selectors =
                "<style>" + ".x,".repeat(95_000) + ".c7{color:red}</style><body class=\"" + classes + "\"><p>x</p>";
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> HtmlSanitizer.clean(selectors, BLOCKED))
                        .html())
                .contains(",.m--body.m-c7{color:red}");
    }

    @Test
    void nothingIsCleanedThatNobodyWaitsFor() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> HtmlSanitizer.clean("<p>x</p>", BLOCKED))
                    .isInstanceOf(IllegalStateException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatIsLongerThanIsCleanedIsCutAndSaidToBe() {
        assertThat(HtmlSanitizer.clean("<p>" + "x".repeat(3_000_000) + "</p>", BLOCKED)
                        .cut())
                .isFalse();
        var clean = HtmlSanitizer.clean("<p>" + "x".repeat(6_000_000) + "</p>", BLOCKED);
        assertThat(clean.cut()).isTrue();
        assertThat(clean.html().length()).isBetween(3_000_000, 3_200_000);
    }

    @Test
    void whatHasMoreTagsThanAreCleanedIsCutAndSaidToBe() {
        assertThat(HtmlSanitizer.clean("<br>".repeat(100_000), BLOCKED).cut()).isFalse();
        var clean = HtmlSanitizer.clean("<br>".repeat(100_000) + "<b>and more</b>", BLOCKED);
        assertThat(clean.cut()).isTrue();
        assertThat(clean.html()).doesNotContain("more");
    }

    @Test
    void aStyleIsCleanedUpToALength() {
        var rule = "color:red;";
        assertThat(clean("<p style=\"" + rule.repeat(2_900) + "\">x")).contains("color:red");
        assertThat(clean("<p style=\"" + rule.repeat(3_100) + "\">x")).doesNotContain("color");
        assertThat(clean("<p style=\"font-family:" + "a,".repeat(20) + "b\">x")).contains("font-family");
        assertThat(clean("<p style=\"font-family:" + "a,".repeat(100) + "b\">x"))
                .doesNotContain("font-family");
    }

    @Test
    void aSelectorIsKeptUpToALength() {
        assertThat(clean("<style>" + "div ".repeat(7) + "p{color:red}</style><p>x"))
                .contains("color:red");
        assertThat(clean("<style>" + "div ".repeat(9) + "p{color:red}</style><p>x"))
                .doesNotContain("color");
    }

    @Test
    void aLinkIsKeptUpToALength() {
        var address = "https://example.org/";
        assertThat(clean("<a href=\"" + address + "x".repeat(7_900) + "\">x</a>"))
                .contains(address);
        assertThat(clean("<a href=\"" + address + "x".repeat(8_100) + "\">x</a>"))
                .doesNotContain(address);
    }

    private static String clean(String html) {
        return HtmlSanitizer.clean(html, BLOCKED).html();
    }

    private static Element image(String html) {
        return Jsoup.parse(html).selectFirst("img");
    }
}
