package dev.valija.account;

/** A person who signs in. The principal of every authenticated request. */
public record UserId(long value) {
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
