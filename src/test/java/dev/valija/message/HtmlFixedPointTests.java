package dev.valija.message;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, what goes out is harmless and stays as it is when read or cleaned again. */
class HtmlFixedPointTests {
    /** {@code -Dhtml.mutants=100000} for a long run. */
    private static final int MUTANTS = Integer.getInteger("html.mutants", 4_000);

    private static final List<String> PIECES = List.of(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "</td>",
            "<tbody>",
            "<caption>",
            "<colgroup>",
            "<col>",
            "<ul>",
            "<li>",
            "</ul>",
            "<dl>",
            "<dt>",
            "<dd>",
            "<a href=https://e.example>",
            "</a>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<font color=red>",
            "</font>",
            "<h1>",
            "<h2>",
            "</h1>",
            "<pre>",
            "</pre>",
            "\n",
            " ",
            "x",
            "&#10;",
            "&lt;",
            "&amp;amp;",
            "<br>",
            "</br>",
            "<hr>",
            "<img src=x>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mtext>",
            "</math>",
            "<foreignObject>",
            "<desc>",
            "<style>",
            "</style>",
            "<style>p{color:red}</style>",
            "<template>",
            "</template>",
            "<noscript>",
            "</noscript>",
            "<select>",
            "<option>",
            "</select>",
            "<button>",
            "</button>",
            "<form>",
            "</form>",
            "<object>",
            "</object>",
            "<marquee>",
            "</marquee>",
            "<ruby>",
            "<rt>",
            "</ruby>",
            "<nobr>",
            "</nobr>",
            "<center>",
            "<blockquote>",
            "</blockquote>",
            "<body class=b id=c>",
            "<html dir=rtl>",
            "<frameset>",
            "<frame>",
            "<textarea>",
            "</textarea>",
            "<title>",
            "</title>",
            "<xmp>",
            "</xmp>",
            "<plaintext>",
            "<iframe>",
            "</iframe>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<!doctype html>",
            "<?x ?>",
            "<span class=b style='color:red;position:fixed'>",
            "<p style=\"font-family:'A\\27 b',x\">",
            "<image>",
            "<input>",
            "<listing>\n",
            "<menu>",
            "<details>",
            "<summary>",
            "<o:p>",
            "</o:p>",
            "<area alt=x href=tel:1>",
            "\0",
            "\r",
            "\f",
            "\u0080",
            "\ud800",
            "<th>",
            "<thead>",
            "<tfoot>",
            "<label>",
            "<fieldset>",
            "<legend>",
            "<dialog>",
            "<main>",
            "<mglyph>",
            "<annotation-xml encoding=text/html>",
            "<head>",
            "</body>",
            "</html>",
            "<div style='margin:1em'>");

    private static final List<String> STYLES = List.of(
            "a",
            "b",
            "color",
            ":",
            ";",
            "{",
            "}",
            "red",
            "#fff",
            "url(",
            ")",
            "(",
            "'",
            "\"",
            "\\",
            "\\3c ",
            "/*",
            "*/",
            "@media",
            " screen ",
            "(max-width:600px)",
            "(prefers-color-scheme:dark)",
            "@import",
            ".x",
            "#y",
            ">",
            "+",
            "~",
            ",",
            "*",
            " ",
            "\n",
            "10px",
            "-1",
            "1e9",
            "!important",
            "calc(",
            "rgb(1,2,3)",
            "font-family",
            "background",
            "width",
            "margin",
            "body",
            "html",
            ":hover",
            "[class=x]",
            "<!--",
            "-->",
            "\u00fc",
            "--v",
            "var(--v)",
            "expression(",
            "%",
            "10vh",
            "linear-gradient(",
            "[",
            "]",
            "important",
            "!",
            "</",
            "td",
            "p{color:red}",
            "\\75 rl(",
            "content");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p><button><div>x</div></button></p>",
                "<p><b><table><tr><td>x</table>y</b>",
                "<a href=https://a.example>1<svg><a href=https://b.example>2</a></svg><button><a href=https://c.example>3",
                "<ul><li>1<button><li>2</button></ul>",
                "<dl><dt>1<marquee><dd>2</marquee></dl>",
                "<h1><marquee><h2>x</h2></marquee></h1>",
                "<pre>\n\n\nx</pre><pre>\nx</pre><pre></pre>\n<pre><b>\nx</b></pre>",
                "<table>x<tr>y<td>z<form><tr><td>a</form>",
                "<b><b><b><b><b>x</b></b></b></b></b>y",
                "<p><font size=1><font size=1><font size=1><font size=1>x<p>y",
                "&amp;lt;script&amp;gt; &lt;script&gt; &#0; &#13;\n &#x80;",
                "<style>body,html body .a,#b>td:hover,*{color:red}</style><body id=b class='a c'><p class=a>x",
                "<style>@media screen and (max-width:600px),print{.a{width:100%!important}}</style><p class='a m-a'>x",
                "<style>.a{color:red}</style><style media=print>.a{color:blue}</style><div class=\"m--body a\">x</div>",
                "<frameset><frame src=x></frameset>",
                "<xmp><script>alert(1)</script></xmp><listing>\n\na</listing>",
                "  <!-- x -->  text first",
                "<div style=\"width:1/**/px;color:r/**/ed;font:12px 'a\\'b';background:#fff url(x) no-repeat\">x</div>",
            })
    void theOutputIsAFixedPoint(String html) {
        assertSafeAndFixed(html);
    }

    @Test
    void soIsWhatComesOfRandomMarkup() {
        var random = new Random(4);
        for (int i = 0; i < MUTANTS; i++) {
            assertSafeAndFixed(some(PIECES, random));
        }
    }

    @Test
    void soIsWhatComesOfRandomStyles() {
        var random = new Random(5);
        for (int i = 0; i < MUTANTS; i++) {
            String css = some(STYLES, random);
            String attribute = some(STYLES, random).replace("\"", "&quot;");
            assertSafeAndFixed("<style>" + css + "</style><td><p class=x id=y style=\"" + attribute + "\">x");
        }
    }

    private static String some(List<String> pieces, Random random) {
        var html = new StringBuilder();
        for (int i = random.nextInt(1, 25); i > 0; i--) {
            html.append(pieces.get(random.nextInt(pieces.size())));
        }
        return html.toString();
    }

    private static void assertSafeAndFixed(String html) {
        String clean = SafeHtml.again(html);
        try {
            SafeHtml.assertHarmless(clean);
            SafeHtml.assertFixed(clean);
        } catch (AssertionError e) {
            throw new AssertionError("of " + html + "\ncame " + clean, e);
        }
    }
}
