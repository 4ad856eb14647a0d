package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import dev.valija.upstream.SearchQuery.And;
import dev.valija.upstream.SearchQuery.Before;
import dev.valija.upstream.SearchQuery.Field;
import dev.valija.upstream.SearchQuery.Has;
import dev.valija.upstream.SearchQuery.Larger;
import dev.valija.upstream.SearchQuery.Not;
import dev.valija.upstream.SearchQuery.Or;
import dev.valija.upstream.SearchQuery.Since;
import dev.valija.upstream.SearchQuery.Smaller;
import dev.valija.upstream.SearchQuery.Text;
import dev.valija.upstream.SortOrder.Property;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Searching and sorting by the provider. */
interface SearchContract extends StoreFixture {
    SortOrder OLDEST_FIRST = new SortOrder(Property.RECEIVED_AT, false);
    SortOrder NEWEST_FIRST = new SortOrder(Property.RECEIVED_AT, true);

    @Test
    default void textIsFoundInTheFieldAskedForAndInNoOther() {
        var one = put(INBOX, Mails.plain("Budget", "numbers").from("Carla", "carla@example.org"));
        var two = put(INBOX, Mails.plain("Numbers", "nothing").to("Carla", "carla@example.org"));
        var three = put(INBOX, Mails.plain("Other", "budget inside").cc("Dora", "dora@example.org"));

        assertThat(found(new Text(Field.SUBJECT, "budget"))).containsExactly(one);
        assertThat(found(new Text(Field.FROM, "carla"))).containsExactly(one);
        assertThat(found(new Text(Field.TO, "carla@example"))).containsExactly(two);
        assertThat(found(new Text(Field.CC, "dora"))).containsExactly(three);
        assertThat(found(new Text(Field.BODY, "budget"))).containsExactly(three);
        assertThat(found(new Text(Field.TEXT, "budget"))).containsExactly(one, three);
        assertThat(found(new Text(Field.SUBJECT, "absent"))).isEmpty();
    }

    @Test
    default void quotesAndBackslashesInAQueryAreJustText() {
        var id = put(INBOX, Mails.plain("A \"quoted\" \\ thing"));
        put(INBOX, Mails.plain("Other"));
        assertThat(found(new Text(Field.SUBJECT, "\"quoted\" \\ thing"))).containsExactly(id);
    }

    @Test
    default void nonAsciiTextIsFound() {
        var id = put(INBOX, Mails.plain("Grüße aus Köln", "Жизнь прекрасна"));
        put(INBOX, Mails.plain("Grusse"));
        assertThat(found(new Text(Field.SUBJECT, "Grüße aus"))).containsExactly(id);
        assertThat(found(new Text(Field.BODY, "прекрасна"))).containsExactly(id);
    }

    @Test
    default void queriesCombine() {
        var one = put(INBOX, Mails.plain("Alpha"), Keyword.SEEN);
        var two = put(INBOX, Mails.plain("Beta"), Keyword.SEEN, Keyword.FLAGGED);
        var three = put(INBOX, Mails.plain("Gamma"));
        var alpha = new Text(Field.SUBJECT, "alpha");
        var gamma = new Text(Field.SUBJECT, "gamma");

        assertThat(found(new Has(Keyword.SEEN))).containsExactly(one, two);
        assertThat(found(new Not(new Has(Keyword.SEEN)))).containsExactly(three);
        assertThat(found(new And(List.of(new Has(Keyword.SEEN), new Not(new Has(Keyword.FLAGGED))))))
                .containsExactly(one);
        assertThat(found(new Or(List.of(alpha, gamma, new Has(Keyword.FLAGGED)))))
                .containsExactly(one, two, three);
        assertThat(found(new Not(new Or(List.of(alpha, gamma))))).containsExactly(two);
    }

    @Test
    default void datesAndSizesNarrowASearch() {
        var old = put(INBOX, Mails.plain("Old"), Instant.parse("2026-01-10T12:00:00Z"));
        var big = put(
                INBOX,
                Mails.plain("Big", "x".repeat(70).concat("\n").repeat(300)),
                Instant.parse("2026-02-10T12:00:00Z"));
        var day = LocalDate.of(2026, 2, 1);

        assertThat(found(new Before(day))).containsExactly(old);
        assertThat(found(new Since(day))).containsExactly(big);
        assertThat(found(new Larger(10_000))).containsExactly(big);
        assertThat(found(new Smaller(10_000))).containsExactly(old);
    }

    @Test
    default void aWindowIsCutFromTheWhole() {
        var all = new ArrayList<RemoteId>();
        for (int i = 0; i < 7; i++) {
            all.add(put(INBOX, Mails.plain("Number " + i), Instant.parse("2026-01-0" + (i + 1) + "T12:00:00Z")));
        }
        Collections.reverse(all);
        var middle = store(store -> store.search(INBOX, null, NEWEST_FIRST, 2, 3));
        assertThat(middle).isEqualTo(new MailStore.Window(all.subList(2, 5), 7));
        var last = store(store -> store.search(INBOX, null, NEWEST_FIRST, 6, 3));
        assertThat(last).isEqualTo(new MailStore.Window(all.subList(6, 7), 7));
        var beyond = store(store -> store.search(INBOX, null, NEWEST_FIRST, 50, 3));
        assertThat(beyond).isEqualTo(new MailStore.Window(List.of(), 7));
    }

    @Test
    default void theServerSortsWhereItCan() {
        if (!can(Capability.SORT)) {
            var bySize = new SortOrder(Property.SIZE, false);
            assertThatThrownBy(() -> run(store -> store.search(INBOX, null, bySize, 0, 10)))
                    .isInstanceOf(UpstreamException.NotSupported.class);
            return;
        }
        var one = put(
                INBOX,
                Mails.plain("Re: Banana", "x".repeat(2000))
                        .from("C", "carla@example.org")
                        .sentAt(Instant.parse("2026-01-02T12:00:00Z")),
                Instant.parse("2026-01-03T12:00:00Z"));
        var two = put(
                INBOX,
                Mails.plain("apple", "x".repeat(1000))
                        .from("B", "berta@example.org")
                        .sentAt(Instant.parse("2026-01-03T12:00:00Z")),
                Instant.parse("2026-01-01T12:00:00Z"));
        var three = put(
                INBOX,
                Mails.plain("Cherry", "x").from("A", "anna@example.org").sentAt(Instant.parse("2026-01-01T12:00:00Z")),
                Instant.parse("2026-01-02T12:00:00Z"));

        assertThat(sorted(Property.RECEIVED_AT)).containsExactly(two, three, one);
        assertThat(sorted(Property.SENT_AT)).containsExactly(three, one, two);
        assertThat(sorted(Property.FROM)).containsExactly(three, two, one);
        assertThat(sorted(Property.SUBJECT)).containsExactly(two, one, three);
        assertThat(sorted(Property.SIZE)).containsExactly(three, two, one);
        var down = store(store -> store.search(INBOX, null, new SortOrder(Property.SIZE, true), 0, 10));
        assertThat(down.ids()).containsExactly(one, two, three);
    }

    @Test
    default void aMailboxIsLookedThroughAStretchAtATimeTheNewestFirst() {
        var all = new ArrayList<RemoteId>();
        for (int i = 0; i < 7; i++) {
            all.add(put(INBOX, Mails.plain("Number " + i, i % 3 == 0 ? "A zebra" : "A horse"), Instant.EPOCH));
        }
        var zebra = new Text(Field.BODY, "zebra");

        var newest = store(store -> store.lookBack(INBOX, zebra, MailStore.Lookback.newest(3)));
        assertThat(newest).isEqualTo(new MailStore.LookedAt(List.of(all.get(6)), all.get(4), 4));
        run(store -> store.delete(INBOX, List.of(all.get(5))));
        var middle =
                store(store -> store.lookBack(INBOX, zebra, new MailStore.Lookback(newest.from(), newest.left(), 3)));
        assertThat(middle).isEqualTo(new MailStore.LookedAt(List.of(all.get(3)), all.get(1), 1));
        run(store -> store.delete(INBOX, List.of(all.get(6), all.get(4))));
        var oldest =
                store(store -> store.lookBack(INBOX, zebra, new MailStore.Lookback(middle.from(), middle.left(), 3)));
        assertThat(oldest).isEqualTo(new MailStore.LookedAt(List.of(all.get(0)), null, 0));
    }

    @Test
    default void aStretchMayBeNarrowedAndAnEmptyMailboxHasNone() {
        var none = store(store -> store.lookBack(INBOX, new Has(Keyword.SEEN), MailStore.Lookback.newest(10)));
        assertThat(none).isEqualTo(new MailStore.LookedAt(List.of(), null, 0));
        put(INBOX, Mails.plain("One", "zebra"));
        var seen = put(INBOX, Mails.plain("Two", "zebra"), Keyword.SEEN);
        var query = new And(List.of(new Has(Keyword.SEEN), new Text(Field.BODY, "zebra")));
        var some = store(store -> store.lookBack(INBOX, query, MailStore.Lookback.newest(10)));
        assertThat(some.found()).containsExactly(seen);
    }

    private List<RemoteId> found(SearchQuery query) {
        var window = store(store -> store.search(INBOX, query, OLDEST_FIRST, 0, 100));
        assertThat(window.total()).isEqualTo(window.ids().size());
        return window.ids();
    }

    private List<RemoteId> sorted(Property property) {
        return store(store -> store.search(INBOX, null, new SortOrder(property, false), 0, 10))
                .ids();
    }
}
