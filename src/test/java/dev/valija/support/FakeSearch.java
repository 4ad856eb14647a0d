package dev.valija.support;

import dev.valija.support.FakeMailbox.Held;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** RFC 9051 SEARCH and RFC 5256 SORT over messages in memory. */
final class FakeSearch {
    private FakeSearch() {}

    static boolean matches(SearchQuery query, Held message) {
        return switch (query) {
            case SearchQuery.And and -> and.all().stream().allMatch(q -> matches(q, message));
            case SearchQuery.Or or -> or.any().stream().anyMatch(q -> matches(q, message));
            case SearchQuery.Not not -> !matches(not.query(), message);
            case SearchQuery.Text text -> holds(field(text.field(), message), text.value());
            case SearchQuery.Has has -> message.keywords.contains(has.keyword());
            case SearchQuery.Before before -> day(message).isBefore(before.day());
            case SearchQuery.Since since -> !day(message).isBefore(since.day());
            case SearchQuery.Larger larger -> message.bytes.length > larger.octets();
            case SearchQuery.Smaller smaller -> message.bytes.length < smaller.octets();
        };
    }

    static Comparator<Held> comparator(SortOrder order) {
        Comparator<Held> by = switch (order.property()) {
            case RECEIVED_AT -> Comparator.comparing(m -> m.receivedAt);
            case SENT_AT -> Comparator.comparing(FakeSearch::sentAt);
            case FROM -> Comparator.comparing(FakeSearch::sender);
            case SUBJECT -> Comparator.comparing(FakeSearch::baseSubject);
            case SIZE -> Comparator.comparingInt(m -> m.bytes.length);
        };
        return order.descending() ? by.reversed() : by;
    }

    private static LocalDate day(Held message) {
        return LocalDate.ofInstant(message.receivedAt, ZoneOffset.UTC);
    }

    private static Instant sentAt(Held message) {
        var sentAt = message.parsed.envelope.sentAt();
        return sentAt == null ? message.receivedAt : sentAt;
    }

    private static String sender(Held message) {
        var from = message.parsed.envelope.from();
        return from.isEmpty() ? "" : from.getFirst().email().split("@")[0].toUpperCase(Locale.ROOT);
    }

    private static String baseSubject(Held message) {
        return message.parsed
                .envelope
                .subject()
                .replaceFirst("(?i)^((re|fwd?):\\s*)+", "")
                .toUpperCase(Locale.ROOT);
    }

    private static String field(SearchQuery.Field field, Held message) {
        var envelope = message.parsed.envelope;
        return switch (field) {
            case FROM -> addresses(envelope.from());
            case TO -> addresses(envelope.to());
            case CC -> addresses(envelope.cc());
            case BCC -> addresses(envelope.bcc());
            case SUBJECT -> envelope.subject();
            case BODY -> message.parsed.text();
            case TEXT -> message.parsed.headerText() + "\n" + message.parsed.text();
        };
    }

    private static String addresses(List<dev.valija.message.Address> addresses) {
        return addresses.stream().map(a -> a.name() + " <" + a.email() + ">").collect(Collectors.joining(", "));
    }

    private static boolean holds(String text, String value) {
        return text.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
    }
}
