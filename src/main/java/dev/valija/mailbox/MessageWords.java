package dev.valija.mailbox;

import dev.valija.mailbox.query.Term;
import dev.valija.mailbox.query.Words;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.upstream.RemoteMessage;
import java.net.IDN;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words by which messages are found, as PostgreSQL's tsvector and tsquery. Each carries its account and field
 * before it, {@code 7Splan} being "plan" in a subject of account 7: so a search reads its own words in the index and no
 * others, and knows the field without reading rows.
 */
final class MessageWords {
    /** What more there is in one field is not found: nobody finds anybody by being the thousandth recipient. */
    private static final int MOST = 2_000;

    private static final int LONGEST_TEXT = 2_000;
    /** tsvector keeps no more positions of a word. */
    private static final int MOST_POSITIONS = 255;

    /** Where a word stands. */
    private enum Place {
        SUBJECT('S'),
        FROM('F'),
        /** And Bcc. */
        TO('T'),
        CC('C'),
        FILE_NAME('N');

        private final char letter;

        Place(char letter) {
            this.letter = letter;
        }
    }

    private static final class Positions {
        private final StringBuilder text = new StringBuilder(8);
        private int count;

        void add(int position) {
            if (count++ < MOST_POSITIONS) {
                text.append(text.isEmpty() ? ':' : ',').append(position);
            }
        }
    }

    private final String account;
    private final Map<String, Positions> words = new HashMap<>();

    private MessageWords(long account) {
        this.account = Long.toString(account);
    }

    /** The words of a message, as text that PostgreSQL reads as a tsvector. */
    static String of(long account, RemoteMessage message) {
        var words = new MessageWords(account);
        var envelope = message.envelope();
        words.add(Place.SUBJECT, Stream.of(envelope.subject()));
        words.add(Place.FROM, texts(envelope.from()));
        words.add(Place.TO, Stream.concat(texts(envelope.to()), texts(envelope.bcc())));
        words.add(Place.CC, texts(envelope.cc()));
        words.add(Place.FILE_NAME, fileNames(message.structure()));
        return words.toString();
    }

    /**
     * What to look for, as text that PostgreSQL reads as a tsquery; empty where nothing can be found.
     *
     * @param text of a field that the index has words of
     */
    static String query(long account, Term.Text text) {
        var sought = Words.sought(text.value(), text.match());
        if (sought.isEmpty()) {
            return "";
        }
        var places = switch (text.field()) {
            case ANY -> List.of(Place.SUBJECT, Place.FROM, Place.TO, Place.CC);
            case SUBJECT -> List.of(Place.SUBJECT);
            case FROM -> List.of(Place.FROM);
            case TO -> List.of(Place.TO);
            case CC -> List.of(Place.CC);
            case FILENAME -> List.of(Place.FILE_NAME);
            case BODY -> throw new IllegalArgumentException("bodies are not indexed");
        };
        return places.stream()
                .map(place -> phrase(account + String.valueOf(place.letter), sought))
                .collect(Collectors.joining(" | ", "(", ")"));
    }

    private static String phrase(String prefix, List<Words.Sought> sought) {
        var query = new StringBuilder("(");
        int last = 0;
        for (var word : sought) {
            if (last > 0) {
                query.append(" <").append(word.position() - last).append("> ");
            }
            query.append('\'').append(prefix).append(word.text()).append('\'').append(word.open() ? ":*" : "");
            last = word.position();
        }
        return query.append(')').toString();
    }

    private void add(Place place, Stream<String> texts) {
        int end = 0;
        for (var iterator = texts.iterator(); iterator.hasNext() && end < MOST; ) {
            int start = end;
            for (var word : Words.of(Texts.storable(iterator.next(), LONGEST_TEXT))) {
                end = start + word.position();
                words.computeIfAbsent(account + place.letter + word.text(), w -> new Positions())
                        .add(end);
                if (end >= MOST) {
                    return;
                }
            }
            end++; // no phrase goes from one text into the next
        }
    }

    private static Stream<String> texts(List<Address> people) {
        return people.stream()
                .flatMap(person -> Stream.of(person.name(), person.email(), unicode(person.email()))
                        .filter(text -> text != null && !text.isBlank()));
    }

    /** An address whose domain is in letters that only look like ASCII on the way (RFC 5891), or nothing. */
    private static String unicode(String email) {
        return email.contains("xn--") ? IDN.toUnicode(email.substring(email.lastIndexOf('@') + 1)) : "";
    }

    private static Stream<String> fileNames(BodyPart structure) {
        return structure.leaves().map(BodyPart::name).filter(name -> name != null);
    }

    /** Words hold letters, digits and symbols only: nothing in them needs an escape. */
    @Override
    public String toString() {
        var text = new StringBuilder(words.size() * 20);
        words.forEach((word, positions) -> text.append('\'')
                .append(word)
                .append('\'')
                .append(positions.text)
                .append(' '));
        return text.toString();
    }
}
