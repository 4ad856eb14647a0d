package dev.valija.web;

import java.nio.charset.StandardCharsets;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * Texts of requests, which hold no NUL and no half of a character: JSON can write both, and no database, mail or
 * protocol can hold them.
 */
@JacksonComponent
final class WholeText extends StdScalarDeserializer<String> {
    WholeText() {
        super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
        String text = StringDeserializer.instance.deserialize(parser, context);
        if (text != null && !isWhole(text)) {
            throw context.weirdStringException("", String.class, "must not hold NUL or half a character");
        }
        return text;
    }

    private static boolean isWhole(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
