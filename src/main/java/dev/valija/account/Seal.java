package dev.valija.account;

import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Encrypts octets and opens them again: AES-256-GCM under a key that goes with an account ({@link Accounts#seal}), or
 * that is kept beside what it seals ({@link DataKeys}). What was sealed under a key that is gone is noise.
 */
public final class Seal {
    private final SecretKey key;

    Seal(SecretKey key) {
        this.key = key;
    }

    /**
     * Encrypts.
     *
     * @param place what it is and where it belongs; it opens for the same place only
     */
    public byte[] seal(String place, byte[] plain) {
        return Vault.crypt(Cipher.ENCRYPT_MODE, key, place, plain);
    }

    /** What was sealed; empty when it was made elsewhere, under another key, or changed since. */
    public Optional<byte[]> open(String place, byte[] sealed) {
        try {
            return Optional.of(Vault.crypt(Cipher.DECRYPT_MODE, key, place, sealed));
        } catch (Vault.SealedException e) {
            return Optional.empty();
        }
    }
}
