package dev.valija.mailbox.query;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** What a person looks for, as a tree. */
public sealed interface Term {

    record And(List<Term> all) implements Term {
        public And {
            all = List.copyOf(all);
        }

        @Override
        public Stream<Text> texts() {
            return all.stream().flatMap(Term::texts);
        }
    }

    record Or(List<Term> any) implements Term {
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public Stream<Text> texts() {
            return any.stream().flatMap(Term::texts);
        }
    }

    record Not(Term term) implements Term {
        @Override
        public Stream<Text> texts() {
            return term.texts();
        }
    }

    /** A text in a field. */
    record Text(Field field, String value, Match match) implements Term {
        @Override
        public Stream<Text> texts() {
            return Stream.of(this);
        }
    }

    /** In a mailbox of that name, path or role. */
    record In(String mailbox) implements Term {}

    record HasAttachment() implements Term {}

    record Is(State state) implements Term {}

    /** Received before that day, in UTC. */
    record Before(LocalDate day) implements Term {}

    /** Received on that day or later, in UTC. */
    record After(LocalDate day) implements Term {}

    record Larger(long octets) implements Term {}

    record Smaller(long octets) implements Term {}

    enum Field {
        /** Sender, recipients and subject; with a provider's help the body too. */
        ANY,
        FROM,
        TO,
        CC,
        SUBJECT,
        BODY,
        FILENAME
    }

    enum Match {
        /** The last word may go on. */
        PREFIX,
        /** Quoted: whole words, side by side. */
        PHRASE
    }

    enum State {
        UNREAD,
        FLAGGED,
        ANSWERED
    }

    /** All texts in the tree. */
    default Stream<Text> texts() {
        return Stream.empty();
    }
}
