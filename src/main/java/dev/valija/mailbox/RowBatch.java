package dev.valija.mailbox;

import dev.valija.mailbox.Answers.Letter;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Messages as columns of arrays: one statement writes them all. */
final class RowBatch {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final List<RemoteMessage> messages;
    private final List<String> baseSubjects;
    private final List<Boolean> unreferenced;
    private final int size;

    RowBatch(Collection<RemoteMessage> messages) {
        this.messages = List.copyOf(messages);
        this.baseSubjects = this.messages.stream()
                .map(m -> Texts.baseSubject(m.envelope().subject()))
                .toList();
        this.size = this.messages.size();
        this.unreferenced = IntStream.range(0, size)
                .mapToObj(i -> Answers.mayBeRepaired(this.messages.get(i).envelope(), baseSubjects.get(i)))
                .toList();
    }

    /** What {@link ThreadIndex} needs of them. */
    List<ThreadIndex.Links> links() {
        return IntStream.range(0, size)
                .mapToObj(i -> ThreadIndex.Links.of(messages.get(i).envelope(), baseSubjects.get(i)))
                .toList();
    }

    /**
     * What {@link SubjectRepair} needs of them.
     *
     * @param all those whose subject tells something
     * @param answers those of them that name no message
     */
    record Letters(List<Letter> all, List<Letter> answers) {}

    Letters letters() {
        var all = new ArrayList<Letter>();
        var answers = new ArrayList<Letter>();
        for (int i = 0; i < size; i++) {
            var message = messages.get(i);
            var id = messageId(message.envelope());
            if (id != null && Answers.isDistinctive(baseSubjects.get(i))) {
                var letter = new Letter(id, baseSubjects.get(i), message.receivedAt(), message.envelope());
                all.add(letter);
                if (unreferenced.get(i)) {
                    answers.add(letter);
                }
            }
        }
        return new Letters(all, answers);
    }

    /** Binds what tells a message from another without its remote id: {@code ids, messageIds, received, sizes}. */
    StatementSpec bindIdentity(StatementSpec sql) {
        var remoteIds = new Long[size];
        var messageIds = new String[size];
        var received = new Long[size];
        var sizes = new Long[size];
        for (int i = 0; i < size; i++) {
            var message = messages.get(i);
            remoteIds[i] = message.id().value();
            messageIds[i] = messageId(message.envelope());
            received[i] = micros(message.receivedAt());
            sizes[i] = message.size();
        }
        return sql.param("ids", remoteIds)
                .param("messageIds", messageIds)
                .param("received", received)
                .param("sizes", sizes)
                .param(
                        "keywords",
                        messages.stream().map(m -> keywords(m.keywords())).toArray(String[]::new));
    }

    /** Binds all columns. */
    StatementSpec bind(StatementSpec sql, long[] threads) {
        var threadIds = new Long[size];
        var subjects = new String[size];
        var fromTexts = new String[size];
        var envelopes = new String[size];
        var sent = new Long[size];
        var attachments = new Boolean[size];
        var structures = new String[size];
        for (int i = 0; i < size; i++) {
            var message = messages.get(i);
            var envelope = message.envelope();
            threadIds[i] = threads[i];
            subjects[i] = Texts.storable(envelope.subject(), 2000);
            fromTexts[i] = fromText(envelope);
            envelopes[i] = MessageJson.write(envelope);
            sent[i] = envelope.sentAt() == null ? null : micros(envelope.sentAt());
            attachments[i] = message.structure().leaves().anyMatch(BodyPart::isAttachment);
            structures[i] = MessageJson.write(message.structure());
        }
        return bindIdentity(sql)
                .param("threads", threadIds)
                .param("subjects", subjects)
                .param("baseSubjects", baseSubjects.toArray(String[]::new))
                .param("fromTexts", fromTexts)
                .param("envelopes", envelopes)
                .param("sent", sent)
                .param("attachments", attachments)
                .param("structures", structures)
                .param("unreferenced", unreferenced.toArray(Boolean[]::new));
    }

    /** What searches find them by: see {@link MessageWords}. */
    String[] words(long account) {
        return messages.stream()
                .map(message -> MessageWords.of(account, message))
                .toArray(String[]::new);
    }

    /** Keywords as one word each, sorted: comparable with the column by {@code string_to_array(…, ' ')}. */
    static String keywords(Set<Keyword> keywords) {
        return keywords.stream().map(Keyword::value).sorted().collect(Collectors.joining(" "));
    }

    private static @Nullable String messageId(Envelope envelope) {
        var id = envelope.messageId();
        return id == null || id.isBlank() ? null : Texts.idKey(id);
    }

    private static String fromText(Envelope envelope) {
        if (envelope.from().isEmpty()) {
            return "";
        }
        var first = envelope.from().getFirst();
        var name = first.name();
        return Texts.folded(name == null || name.isBlank() ? first.email() : name, 200);
    }

    /** Microseconds since 1970, within the years that dates in JSON can have. */
    static long micros(Instant instant) {
        var bounded = instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
        return bounded.getEpochSecond() * 1_000_000 + bounded.getNano() / 1000;
    }
}
