package dev.valija.contact;

import dev.valija.problem.ProblemException;

/** The lists there are of a user's contacts. */
enum ContactList {
    /** All of them, who is most likely meant first; its beginning only. */
    SUGGESTED,
    /** The address book, by name. */
    SAVED,
    /** Whom mail was exchanged with and who are not in the address book, by name. */
    COLLECTED;

    /** Reads the parameter {@code list}. */
    static ContactList parse(String text) {
        return switch (text) {
            case "suggested" -> SUGGESTED;
            case "saved" -> SAVED;
            case "collected" -> COLLECTED;
            default -> throw ProblemException.invalid("list", "must be suggested, saved or collected");
        };
    }
}
