package dev.valija.contact;

import dev.valija.account.Account;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The people that users write to: their address books, and whom they exchanged mail with. */
@Service
class Contacts {
    /** In one address book. */
    static final int MOST = 20_000;

    private static final int CHUNK = 1_000;

    private final Accounts accounts;
    private final ContactRows rows;
    private final Learning learning;
    private final TransactionTemplate transaction;

    Contacts(Accounts accounts, ContactRows rows, Learning learning, TransactionTemplate transaction) {
        this.accounts = accounts;
        this.rows = rows;
        this.learning = learning;
        this.transaction = transaction;
    }

    /** Part of a list. */
    record Page(List<Contact> items, @Nullable ContactCursor next) {}

    /** What became of cards: those made, those given another name, and those that were there or hold no address. */
    record Imported(int made, int updated, int skipped) {}

    /** Whoever is most likely meant by what was typed so far; nothing typed means anybody. Own addresses come last. */
    List<Contact> suggested(UserId user, String text, int limit) {
        accounts.of(user).stream().map(Account::id).forEach(learning::wake);
        var query = ContactWords.query(user, text);
        return query.isEmpty() && !text.isBlank()
                ? List.of()
                : rows.suggested(user, query, accounts.addresses(user), limit);
    }

    /** A page of a list by name. */
    Page page(UserId user, ContactCursor from, String text, int limit) {
        var query = ContactWords.query(user, text);
        if (query.isEmpty() && !text.isBlank()) {
            return new Page(List.of(), null);
        }
        var found = rows.page(user, from, query, limit + 1);
        var shown = found.subList(0, Math.min(limit, found.size()));
        return new Page(
                shown.stream().map(ContactRows.Row::contact).toList(),
                found.size() > limit ? shown.getLast().cursor(from.list()) : null);
    }

    /** The contact as it is. @throws ProblemException not-found */
    Contact require(ContactKey key) {
        return rows.find(key).orElseThrow(() -> ProblemException.notFound("contact"));
    }

    /**
     * Puts somebody into the address book.
     *
     * @throws ProblemException already-exists when somebody of that address is there; over-quota
     */
    ContactKey add(UserId user, Entry entry) {
        return in(() -> {
            refuseDouble(user, entry.email(), Optional.empty());
            room(user, 1);
            return rows.save(user, List.of(entry)).stream()
                    .findFirst()
                    .map(saved -> new ContactKey(user, saved.id()))
                    .orElseThrow(() -> new ProblemException(Problem.CONFLICT, "It was added elsewhere meanwhile."));
        });
    }

    /**
     * Changes a contact that is as the caller knows it. Who was only met in mail is in the address book then.
     *
     * @throws ProblemException conflict when it was changed meanwhile; already-exists when another has that address
     */
    void change(ContactKey key, int revision, Entry entry) {
        in(() -> {
            var now = rows.lock(key).orElseThrow(() -> ProblemException.notFound("contact"));
            if (now.revision() != revision) {
                throw new ProblemException(Problem.CONFLICT, "It was changed elsewhere meanwhile.");
            }
            refuseDouble(key.user(), entry.email(), Optional.of(key));
            room(key.user(), now.saved() ? 0 : 1);
            rows.makeWay(key, entry.email());
            rows.change(key, entry);
            return key;
        });
    }

    /** Takes a contact out; mail does not bring it back. @throws ProblemException not-found */
    void remove(ContactKey key) {
        if (!in(() -> rows.hide(key))) {
            throw ProblemException.notFound("contact");
        }
    }

    /**
     * Puts people from cards into the address book, all or none. An address that is there keeps its name, unless the
     * card has another.
     *
     * @throws ProblemException over-quota
     */
    Imported add(UserId user, List<VCard> cards) {
        int read = 0;
        var entries = new LinkedHashMap<String, Entry>();
        for (var card : cards) {
            read += Math.max(1, card.emails().size());
            for (var text : card.emails()) {
                Email.of(text).ifPresent(email -> entries.putIfAbsent(email.key(), new Entry(card.name(), email)));
            }
        }
        var all = List.copyOf(entries.values());
        var saved = in(() -> {
            var done = new ArrayList<ContactRows.Saved>();
            for (int from = 0; from < all.size(); from += CHUNK) {
                done.addAll(rows.save(user, all.subList(from, Math.min(from + CHUNK, all.size()))));
            }
            room(user, 0);
            return done;
        });
        int updated = (int) saved.stream().filter(ContactRows.Saved::wasSaved).count();
        return new Imported(saved.size() - updated, updated, read - saved.size());
    }

    /** Hands over the whole address book, by name, a part at a time. */
    void export(UserId user, Export to) throws IOException {
        var from = ContactCursor.start(ContactList.SAVED);
        while (from != null) {
            var page = page(user, from, "", CHUNK);
            to.take(page.items());
            from = page.next();
        }
    }

    /** Where an address book goes. */
    @FunctionalInterface
    interface Export {
        void take(List<Contact> some) throws IOException;
    }

    private void refuseDouble(UserId user, Email email, Optional<ContactKey> except) {
        var there = rows.saved(user, email).filter(key -> !except.equals(Optional.of(key)));
        if (there.isPresent()) {
            throw new AlreadyThere(there.get());
        }
    }

    private void room(UserId user, int more) {
        if (rows.countSaved(user) + more > MOST) {
            throw new ProblemException(
                    Problem.OVER_QUOTA, "An address book has room for %,d addresses.".formatted(MOST));
        }
    }

    private <T> T in(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    /** Somebody of that address is in the address book: the answer says where. */
    private static final class AlreadyThere extends ProblemException {
        private final URI location;

        AlreadyThere(ContactKey contact) {
            super(Problem.ALREADY_EXISTS, "Somebody with this address is in the address book.");
            this.location = contact.location();
        }

        @Override
        public Map<String, String> fields() {
            return Map.of("Location", location.toString());
        }
    }
}
