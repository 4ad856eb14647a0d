package dev.valija.contact;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads vCards of versions 2.1, 3.0 and 4.0, as programs write them, in time with their length: the name and the
 * addresses. What makes no sense is passed over, nothing is fetched. Nothing is held of a file but that.
 */
final class VCardReader {
    private static final int MOST_EMAILS = 50;
    private static final String VCARD = "VCARD";

    private final List<VCard> cards = new ArrayList<>();
    private final List<String> emails = new ArrayList<>();
    private @Nullable String name;
    private int nameRank;
    /** Cards in which we are: the outer one and those of its agents, which are others' (RFC 2426 3.5.4). */
    private int depth;

    private boolean agent;
    private boolean any;

    /**
     * All cards of a file.
     *
     * @throws ProblemException invalid-request when there is none; request-too-large for more than an address book holds
     */
    static List<VCard> read(InputStream in) throws IOException {
        var reader = new VCardReader();
        var lines = new ContentLines(in);
        for (var line = lines.next(); line != null; line = lines.next()) {
            var property = VCardProperty.parse(line);
            if (property != null) {
                reader.take(property);
            }
        }
        if (reader.depth > 0) {
            reader.close(); // cut off: what there is counts
        }
        if (!reader.any) {
            throw ProblemException.invalid("", "This is no vCard file.");
        }
        return reader.cards;
    }

    private void take(VCardProperty property) {
        boolean opensAgent = property.name().equals("AGENT") && property.value().isBlank();
        switch (property.name()) {
            case "BEGIN" -> {
                if (isVCard(property)) {
                    begin();
                }
            }
            case "END" -> {
                if (isVCard(property) && depth > 0 && --depth == 0) {
                    close();
                }
            }
            case "FN" -> name(3, property.text());
            case "N" -> name(2, property.personName());
            case "ORG" -> name(1, property.components().getFirst());
            case "EMAIL" -> email(property.text().strip());
            default -> {}
        }
        agent = opensAgent;
    }

    private static boolean isVCard(VCardProperty property) {
        return property.value().strip().toUpperCase(Locale.ROOT).equals(VCARD);
    }

    private void begin() {
        any = true;
        if (depth > 0 && !agent) {
            close(); // its end is missing
        }
        depth++;
    }

    private void close() {
        if (cards.size() == Contacts.MOST) {
            throw new ProblemException(
                    Problem.REQUEST_TOO_LARGE, "A file may hold %,d cards.".formatted(Contacts.MOST));
        }
        cards.add(new VCard(name, emails));
        emails.clear();
        name = null;
        nameRank = 0;
        depth = 0;
    }

    /** @param rank of the property: the whole name goes before its parts, a person before where they work */
    private void name(int rank, String text) {
        var given = ContactName.of(text);
        if (depth == 1 && given != null && rank > nameRank) {
            name = given;
            nameRank = rank;
        }
    }

    private void email(String text) {
        if (depth != 1 || text.isEmpty() || emails.size() == MOST_EMAILS) {
            return;
        }
        int open = text.lastIndexOf('<');
        var inner = open >= 0 && text.endsWith(">") ? text.substring(open + 1, text.length() - 1) : text;
        emails.add(inner.regionMatches(true, 0, "mailto:", 0, 7) ? inner.substring(7) : inner);
    }
}
