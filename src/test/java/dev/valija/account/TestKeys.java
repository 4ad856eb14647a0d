package dev.valija.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Keys as they are kept, under a master key that all tests of a run share. */
public final class TestKeys {
    private static final DataKeys KEYS = make();

    public static DataKeys dataKeys() {
        return KEYS;
    }

    private static DataKeys make() {
        try {
            var directory = Files.createTempDirectory("valija-keys");
            return new DataKeys(new Vault(MasterKeys.readOrMake(directory.resolve("keys"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestKeys() {}
}
