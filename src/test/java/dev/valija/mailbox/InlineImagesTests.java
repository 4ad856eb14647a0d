package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InlineImagesTests {
    private static final Pattern ADDRESS = Pattern.compile("\"/parts/([0-9.]+)\"");

    @Test
    void anImageShownAThousandTimesDoesNotMakeAPageOfGigabytes() {
        var html = "<img src=\"/parts/2\">".repeat(1_000);

        var page = InlineImages.filled(html, ADDRESS, Map.of("2", "data:image/png;base64," + "A".repeat(6 << 20)));

        assertThat(page)
                .hasSizeLessThan(32 << 20)
                .startsWith("<img src=\"data:image/png")
                .endsWith("<img src=\"data:,\">");
    }

    @Test
    void anImageShownTwiceIsThereTwice() {
        var page = InlineImages.filled("<img src=\"/parts/2\"><img src=\"/parts/2\">", ADDRESS, Map.of("2", "data:x"));

        assertThat(page).isEqualTo("<img src=\"data:x\"><img src=\"data:x\">");
    }
}
