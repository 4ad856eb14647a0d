package dev.valija.mailbox;

import dev.valija.mailbox.Answers.Letter;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Messages as columns of arrays: one statement writes them all. The columns are made when first asked for, or before
 * that by {@link #prepare}, so that a transaction need not wait for them.
 */
final class RowBatch {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final long accountId;
    private final List<RemoteMessage> messages;
    private @Nullable Columns columns;

    RowBatch(long accountId, List<RemoteMessage> messages) {
        this.accountId = accountId;
        this.messages = messages;
    }

    List<RemoteMessage> messages() {
        return messages;
    }

    /** Those of these messages that are not among these. */
    RowBatch without(Set<RemoteId> ids) {
        return ids.isEmpty()
                ? this
                : new RowBatch(
                        accountId,
                        messages.stream().filter(m -> !ids.contains(m.id())).toList());
    }

    /** Makes the columns now. What no row can be made of is found out when it is to be written. */
    void prepare() {
        try {
            columns();
        } catch (RuntimeException unwritable) {
            columns = null;
        }
    }

    private Columns columns() {
        var made = columns;
        if (made == null) {
            made = Columns.of(accountId, messages);
            columns = made;
        }
        return made;
    }

    /** What {@link ThreadIndex} needs of them. */
    List<ThreadIndex.Links> links() {
        return columns().links;
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
        var made = columns();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var id = made.messageIds[i];
            var subject = made.baseSubjects[i];
            if (id != null && Answers.isDistinctive(subject)) {
                var letter = new Letter(id, subject, message.receivedAt(), message.envelope());
                all.add(letter);
                if (made.unreferenced[i]) {
                    answers.add(letter);
                }
            }
        }
        return new Letters(all, answers);
    }

    /** Binds what tells a message from another without its remote id: {@code ids, messageIds, received, sizes}. */
    StatementSpec bindIdentity(StatementSpec sql) {
        return sql.param("ids", column(m -> m.id().value(), Long[]::new))
                .param("messageIds", column(m -> messageId(m.envelope()), String[]::new))
                .param("received", column(m -> micros(m.receivedAt()), Long[]::new))
                .param("sizes", column(RemoteMessage::size, Long[]::new))
                .param("keywords", column(m -> keywords(m.keywords()), String[]::new));
    }

    private <T> T[] column(Function<RemoteMessage, @Nullable T> value, IntFunction<T[]> array) {
        return messages.stream().map(value).toArray(array);
    }

    /** Binds all columns. */
    StatementSpec bind(StatementSpec sql, long[] threads) {
        var made = columns();
        return bindIdentity(sql)
                .param("threads", Arrays.stream(threads).boxed().toArray(Long[]::new))
                .param("subjects", made.subjects)
                .param("baseSubjects", made.baseSubjects)
                .param("fromTexts", made.fromTexts)
                .param("envelopes", made.envelopes)
                .param("sent", made.sent)
                .param("attachments", made.attachments)
                .param("structures", made.structures)
                .param("unreferenced", made.unreferenced)
                .param("words", made.words);
    }

    private static final class Columns {
        final List<ThreadIndex.Links> links;
        final String[] messageIds;
        final String[] subjects;
        final String[] baseSubjects;
        final String[] fromTexts;
        final String[] envelopes;
        final Long[] sent;
        final Boolean[] attachments;
        final String[] structures;
        final Boolean[] unreferenced;
        final String[] words;

        private Columns(int size) {
            links = new ArrayList<>(size);
            messageIds = new String[size];
            subjects = new String[size];
            baseSubjects = new String[size];
            fromTexts = new String[size];
            envelopes = new String[size];
            sent = new Long[size];
            attachments = new Boolean[size];
            structures = new String[size];
            unreferenced = new Boolean[size];
            words = new String[size];
        }

        static Columns of(long account, List<RemoteMessage> messages) {
            var columns = new Columns(messages.size());
            for (int i = 0; i < messages.size(); i++) {
                columns.set(i, account, messages.get(i));
            }
            return columns;
        }

        private void set(int i, long account, RemoteMessage message) {
            var envelope = message.envelope();
            var base = Texts.baseSubject(envelope.subject());
            links.add(ThreadIndex.Links.of(envelope, base));
            messageIds[i] = messageId(envelope);
            subjects[i] = Texts.storable(envelope.subject(), 2000);
            baseSubjects[i] = base;
            fromTexts[i] = fromText(envelope);
            envelopes[i] = MessageJson.write(envelope);
            sent[i] = envelope.sentAt() == null ? null : micros(envelope.sentAt());
            attachments[i] = message.structure().leaves().anyMatch(BodyPart::isAttachment);
            structures[i] = MessageJson.write(message.structure());
            unreferenced[i] = Answers.mayBeRepaired(envelope, base);
            words[i] = MessageWords.of(account, message);
        }
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
