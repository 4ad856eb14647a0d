package dev.valija.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.valija.message.HtmlToText;
import dev.valija.message.PlainTextHtml;
import dev.valija.message.SafeHtml;
import java.nio.charset.StandardCharsets;

/**
 * Whatever a mail holds, what is shown of it is harmless and stays as it is when cleaned again. In the normal run the
 * seeds beside the resources; {@code JAZZER_FUZZ=1 ./mvnw test -Dskip.frontend -Dtest='HtmlFuzzTests#page'} looks for
 * more until it finds something or {@code maxDuration} is over.
 */
class HtmlFuzzTests {
    @FuzzTest(maxDuration = "10m")
    void page(byte[] input) {
        String html = new String(input, StandardCharsets.UTF_8);
        check(html);
        HtmlToText.of(html);
        PlainTextHtml.render(html);
    }

    @FuzzTest(maxDuration = "10m")
    void style(byte[] input) {
        String css = new String(input, StandardCharsets.UTF_8);
        check("<style>" + css + "</style><body class=a id=b><p class='a b' id=c style=\"" + css.replace("\"", "&quot;")
                + "\">x");
    }

    private static void check(String html) {
        String clean = SafeHtml.again(html);
        SafeHtml.assertHarmless(clean);
        SafeHtml.assertFixed(clean);
    }
}
