package dev.valija.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what accounts must keep secret: AES-256-GCM under a data key of the account, wrapped by a master key. */
final class Vault {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MasterKeys masters;

    Vault(MasterKeys masters) {
        this.masters = masters;
    }

    /** A data key as it is stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
    record WrappedKey(String masterKey, byte[] wrapped) {
        @Override
        public String toString() {
            return "WrappedKey[" + masterKey + "]";
        }
    }

    /** What was encrypted cannot be had back: the master key is not there, or the value was tampered with. */
    static final class SealedException extends RuntimeException {
        SealedException(String message) {
            super(message);
        }

        SealedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The id of the master key that wraps new data keys. */
    String currentMaster() {
        return masters.current();
    }

    /** Whether data keys under that master can be unwrapped. */
    boolean knows(String masterKey) {
        return masters.key(masterKey).isPresent();
    }

    /** A new data key for the account. */
    WrappedKey newKey(long accountId) {
        return newKey(keyPlace(accountId));
    }

    /** A new data key that opens at that place only. */
    WrappedKey newKey(String place) {
        var key = new byte[32];
        RANDOM.nextBytes(key);
        return wrap(place, key);
    }

    /** The same data key under the current master. */
    WrappedKey rewrap(WrappedKey key, String place) {
        return wrap(place, unwrap(key, place).getEncoded());
    }

    /** What is sealed with that data key itself. */
    Seal seal(WrappedKey key, String place) {
        return new Seal(unwrap(key, place));
    }

    byte[] encrypt(WrappedKey key, EncryptedColumn column, long accountId, String secret) {
        return crypt(
                Cipher.ENCRYPT_MODE,
                unwrap(key, accountId),
                column.place(accountId),
                secret.getBytes(StandardCharsets.UTF_8));
    }

    String decrypt(WrappedKey key, EncryptedColumn column, long accountId, byte[] stored) {
        var plain = crypt(Cipher.DECRYPT_MODE, unwrap(key, accountId), column.place(accountId), stored);
        return new String(plain, StandardCharsets.UTF_8);
    }

    /** A key derived from the account's data key (RFC 5869), so that it changes and goes with it. */
    Seal seal(WrappedKey key, long accountId, String purpose) {
        var info = ("valija " + purpose + "." + accountId).getBytes(StandardCharsets.UTF_8);
        try {
            return new Seal(KDF.getInstance("HKDF-SHA256")
                    .deriveKey("AES", HKDFParameterSpec.expandOnly(unwrap(key, accountId), info, 32)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 25 on has HKDF", e);
        }
    }

    private SecretKey unwrap(WrappedKey key, long accountId) {
        return unwrap(key, keyPlace(accountId));
    }

    private SecretKey unwrap(WrappedKey key, String place) {
        return new SecretKeySpec(crypt(Cipher.DECRYPT_MODE, master(key.masterKey()), place, key.wrapped()), "AES");
    }

    private WrappedKey wrap(String place, byte[] key) {
        return new WrappedKey(masters.current(), crypt(Cipher.ENCRYPT_MODE, master(masters.current()), place, key));
    }

    private SecretKey master(String id) {
        return masters.key(id).orElseThrow(() -> new SealedException("there is no master key " + id));
    }

    private static String keyPlace(long accountId) {
        return "account.data_key." + accountId;
    }

    /** The stored form is nonce, ciphertext, tag. */
    static byte[] crypt(int mode, SecretKey key, String place, byte[] input) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            var nonce = new byte[NONCE];
            if (mode == Cipher.ENCRYPT_MODE) {
                RANDOM.nextBytes(nonce);
                cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
                cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
                var sealed = cipher.doFinal(input);
                return ByteBuffer.allocate(NONCE + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array();
            }
            if (input.length < NONCE) {
                throw new SealedException("too short to be encrypted");
            }
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, input, 0, NONCE));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input, NONCE, input.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new SealedException("cannot be decrypted", e);
        }
    }
}
