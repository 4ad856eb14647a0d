package dev.valija.contact;

import dev.valija.mailbox.Correspondence.Letter;
import dev.valija.message.Address;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Whom one may want to write to, from some messages: the recipients of what was sent, and the senders of what came
 * anywhere but to Junk and Trash. Not the user themselves, and not what nobody reads mail for.
 */
final class Harvest {
    /** Who writes to more at once does not know them all. */
    private static final int MOST_RECIPIENTS = 50;

    private static final int MOST_SENDERS = 5;
    private static final Pattern DEAF = Pattern.compile(
            "(?:.*[.=_+-])?(?:(?:no|do-?not|never)[._-]?reply|mailer-daemon|bounces?)(?:[.=_+-].*)?@.*");

    private final Set<String> own;
    private final Instant now;
    private final Map<String, Person> people = new TreeMap<>();

    /** @param own addresses of the user, in lower case */
    Harvest(Set<String> own, Instant now) {
        this.own = own;
        this.now = now;
    }

    /** Somebody, with the scores of the mail to them and from them. */
    record Person(Entry entry, double written, double received) {
        Person plus(Person later) {
            return new Person(
                    entry.name() == null ? new Entry(later.entry.name(), entry.email()) : entry,
                    Score.plus(written, later.written),
                    Score.plus(received, later.received));
        }
    }

    void add(Letter letter) {
        // A provider may claim any time of arrival; the future would outweigh everything for ever.
        double score = Score.of(letter.receivedAt().isAfter(now) ? now : letter.receivedAt());
        switch (letter.role()) {
            case null -> received(letter, score);
            case INBOX, ARCHIVE, ALL, FLAGGED, SNOOZED -> received(letter, score);
            case SENT -> sent(letter, score);
            case DRAFTS, JUNK, TRASH -> {}
        }
    }

    private void sent(Letter letter, double score) {
        for (var address : first(letter.to(), MOST_RECIPIENTS)) {
            add(address, score, Score.NONE);
        }
    }

    private void received(Letter letter, double score) {
        for (var address : first(letter.from(), MOST_SENDERS)) {
            if (!DEAF.matcher(address.email().toLowerCase(Locale.ROOT)).matches()) {
                add(address, Score.NONE, score);
            }
        }
    }

    /** Those found, by address. */
    Collection<Person> people() {
        return people.values();
    }

    private void add(Address address, double written, double received) {
        var email = Email.of(address.email()).orElse(null);
        if (email != null && !own.contains(email.key())) {
            people.merge(email.key(), new Person(entry(address, email), written, received), Person::plus);
        }
    }

    /** A name that holds an address is none: it repeats it, or pretends to be another. */
    private static Entry entry(Address address, Email email) {
        var name = address.name();
        return new Entry(name == null || name.indexOf('@') >= 0 ? null : name, email);
    }

    private static List<Address> first(List<Address> addresses, int most) {
        return addresses.subList(0, Math.min(addresses.size(), most));
    }
}
