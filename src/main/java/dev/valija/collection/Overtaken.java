package dev.valija.collection;

/** Somebody has changed or taken the collection meanwhile: what is under way ends here, and deletes nothing. */
final class Overtaken extends RuntimeException {
    Overtaken() {
        super("the collection is another's turn", null, false, false);
    }
}
