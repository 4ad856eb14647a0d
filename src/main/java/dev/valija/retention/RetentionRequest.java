package dev.valija.retention;

import dev.valija.problem.ProblemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a user wants. Read by hand: {@code afterDays} that is null means for ever, one that is missing is a mistake.
 *
 * @param afterDays null for ever
 */
record RetentionRequest(@Nullable Integer afterDays, boolean keepFlagged) {
    private static final Set<String> FIELDS = Set.of("afterDays", "keepFlagged");

    /** @throws ProblemException invalid-request */
    static RetentionRequest of(JsonNode json) {
        if (!json.isObject()) {
            throw ProblemException.invalid("", "must be an object");
        }
        json.propertyNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw ProblemException.invalid("/" + name, "is not known");
                });
        return new RetentionRequest(days(json.get("afterDays")), keepFlagged(json.get("keepFlagged")));
    }

    private static @Nullable Integer days(@Nullable JsonNode node) {
        if (node == null) {
            throw ProblemException.invalid("/afterDays", "must be given; null keeps all");
        }
        if (node.isNull()) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || !Rule.isPossible(node.intValue())) {
            throw ProblemException.invalid("/afterDays", "must be null or a whole number from 1 to " + Rule.MOST_DAYS);
        }
        return node.intValue();
    }

    private static boolean keepFlagged(@Nullable JsonNode node) {
        if (node != null && !node.isBoolean()) {
            throw ProblemException.invalid("/keepFlagged", "must be true or false");
        }
        return node == null || node.booleanValue();
    }
}
