package dev.valija.account;

import dev.valija.account.Vault.WrappedKey;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Keys for what belongs to a user and to no account: each is kept wrapped beside what it seals, and goes with it. Their
 * columns are in {@link WrappedColumn}, so that they follow the master key.
 */
@Component
public final class DataKeys {
    private final Vault vault;

    DataKeys(Vault vault) {
        this.vault = vault;
    }

    /**
     * A key as it is stored.
     *
     * @param masterKey the id of the master key that wraps it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
    public record DataKey(String masterKey, byte[] wrapped) {
        @Override
        public String toString() {
            return "DataKey[" + masterKey + "]";
        }
    }

    /** A new key, for something of that user. */
    public DataKey make(WrappedColumn column, UserId user) {
        var key = vault.newKey(column.place(user));
        return new DataKey(key.masterKey(), key.wrapped());
    }

    /** To seal and open with that key; empty when its master key is not there any more. */
    public Optional<Seal> open(WrappedColumn column, UserId user, DataKey key) {
        try {
            return Optional.of(vault.seal(new WrappedKey(key.masterKey(), key.wrapped()), column.place(user)));
        } catch (Vault.SealedException e) {
            return Optional.empty();
        }
    }
}
