package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Messages as columns of arrays: one statement writes them all. */
final class RowBatch {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    /** A message that refers to more is joined to its thread by its nearest and its oldest ancestors. */
    private static final int MOST_REFERENCES = 100;

    private final List<RemoteMessage> messages;
    private final int size;

    RowBatch(Collection<RemoteMessage> messages) {
        this.messages = List.copyOf(messages);
        this.size = this.messages.size();
    }

    /** What {@link ThreadIndex} needs of them. */
    List<ThreadIndex.Links> links() {
        return messages.stream().map(m -> links(m.envelope())).toList();
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
        var baseSubjects = new String[size];
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
            baseSubjects[i] = Texts.baseSubject(envelope.subject());
            fromTexts[i] = fromText(envelope);
            envelopes[i] = MessageJson.write(envelope);
            sent[i] = envelope.sentAt() == null ? null : micros(envelope.sentAt());
            attachments[i] = message.structure().leaves().anyMatch(BodyPart::isAttachment);
            structures[i] = MessageJson.write(message.structure());
        }
        return bindIdentity(sql)
                .param("threads", threadIds)
                .param("subjects", subjects)
                .param("baseSubjects", baseSubjects)
                .param("fromTexts", fromTexts)
                .param("envelopes", envelopes)
                .param("sent", sent)
                .param("attachments", attachments)
                .param("structures", structures);
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

    private static ThreadIndex.Links links(Envelope envelope) {
        var all = new ArrayList<>(envelope.references());
        all.addAll(envelope.inReplyTo());
        all.removeIf(String::isBlank);
        var some = all.size() <= MOST_REFERENCES
                ? all
                : Stream.concat(
                                all.stream().limit(10),
                                all.subList(all.size() - MOST_REFERENCES + 10, all.size()).stream())
                        .toList();
        var keys = new LinkedHashSet<String>();
        some.forEach(id -> keys.add(Texts.idKey(id)));
        var own = messageId(envelope);
        keys.remove(own);
        return new ThreadIndex.Links(own, keys);
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
    private static long micros(Instant instant) {
        var bounded = instant.isBefore(EARLIEST) ? EARLIEST : instant.isAfter(LATEST) ? LATEST : instant;
        return bounded.getEpochSecond() * 1_000_000 + bounded.getNano() / 1000;
    }
}
