package dev.valija.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.BodyPart;
import dev.valija.upstream.MessageSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentTests {

    @Test
    void aTextThatTheStoreCutOrLeftOutIsCut() {
        int most = MessageSource.LONGEST_TEXT;
        assertThat(cut(most + 1, new byte[most])).isTrue();
        assertThat(cut(5, null)).isTrue();
        assertThat(cut(most, new byte[most])).isFalse();
        assertThat(cut(0, null)).isFalse();
        assertThat(cut(120, new byte[100])).as("a server that counts loosely").isFalse();
    }

    private static boolean cut(long size, byte[] octets) {
        var part = new BodyPart("1", "text/plain", null, null, null, null, "7bit", size, List.of());
        return Content.of(new MessageKey(1, 1), part, octets == null ? Map.of() : Map.of("1", octets), url -> null)
                .cut();
    }
}
