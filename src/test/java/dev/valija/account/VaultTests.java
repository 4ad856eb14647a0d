package dev.valija.account;

import static dev.valija.account.EncryptedColumn.ACCOUNT_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.account.Vault.SealedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTests {
    private static final String ONE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String TWO = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    @TempDir
    Path directory;

    @Test
    void whatIsEncryptedComesBack() throws IOException {
        var vault = vault(ONE);
        var key = vault.newKey(7);
        var stored = vault.encrypt(key, ACCOUNT_PASSWORD, 7, "pässword");
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("word");
        assertThat(vault.decrypt(key, ACCOUNT_PASSWORD, 7, stored)).isEqualTo("pässword");
    }

    @Test
    void theSameSecretNeverLooksTheSame() throws IOException {
        var vault = vault(ONE);
        var key = vault.newKey(7);
        assertThat(vault.encrypt(key, ACCOUNT_PASSWORD, 7, "demo"))
                .isNotEqualTo(vault.encrypt(key, ACCOUNT_PASSWORD, 7, "demo"));
    }

    @Test
    void aValueCopiedToAnotherAccountDoesNotOpen() throws IOException {
        var vault = vault(ONE);
        var key = vault.newKey(7);
        var stored = vault.encrypt(key, ACCOUNT_PASSWORD, 7, "demo");
        assertThatThrownBy(() -> vault.decrypt(key, ACCOUNT_PASSWORD, 8, stored))
                .isInstanceOf(SealedException.class);
    }

    @Test
    void aFlippedBitIsNoticed() throws IOException {
        var vault = vault(ONE);
        var key = vault.newKey(7);
        var stored = vault.encrypt(key, ACCOUNT_PASSWORD, 7, "demo");
        stored[stored.length - 1] ^= 1;
        assertThatThrownBy(() -> vault.decrypt(key, ACCOUNT_PASSWORD, 7, stored))
                .isInstanceOf(SealedException.class);
    }

    @Test
    void aSealOpensForItsAccountItsPurposeAndItsDataKeyOnly() throws IOException {
        var vault = vault(ONE);
        var key = vault.newKey(7);
        var sealed = vault.seal(key, 7, "notes").seal("here", new byte[] {1, 2, 3});
        assertThat(vault(TWO, ONE).seal(key, 7, "notes").open("here", sealed)).hasValue(new byte[] {1, 2, 3});
        assertThat(vault.seal(key, 7, "notes").open("there", sealed)).isEmpty();
        assertThat(vault.seal(key, 7, "letters").open("here", sealed)).isEmpty();
        assertThat(vault.seal(vault.newKey(7), 7, "notes").open("here", sealed)).isEmpty();
        assertThat(vault.seal(key, 7, "notes").open("here", new byte[5])).isEmpty();
        assertThatThrownBy(() -> vault(TWO).seal(key, 7, "notes")).isInstanceOf(SealedException.class);
    }

    @Test
    void anOldMasterStillDecryptsAndANewOneEncrypts() throws IOException {
        var old = vault(ONE);
        var key = old.newKey(7);
        var stored = old.encrypt(key, ACCOUNT_PASSWORD, 7, "demo");
        var rotated = vault(TWO, ONE);
        assertThat(rotated.decrypt(key, ACCOUNT_PASSWORD, 7, stored)).isEqualTo("demo");
        assertThat(rotated.newKey(7).masterKey()).isNotEqualTo(key.masterKey());
        assertThatThrownBy(() -> vault(TWO).decrypt(key, ACCOUNT_PASSWORD, 7, stored))
                .isInstanceOf(SealedException.class);
    }

    @Test
    void aKeyFileIsMadeOnceForTheOwnerOnly() throws IOException {
        var file = directory.resolve("new/master.key");
        var first = MasterKeys.readOrMake(file).current();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKeys.readOrMake(file).current()).isEqualTo(first);
        assertThat(first)
                .isNotEqualTo(
                        MasterKeys.readOrMake(directory.resolve("other.key")).current());
    }

    @Test
    void aShortKeyIsRefusedWithoutShowingIt() throws IOException {
        var file = Files.writeString(directory.resolve("short.key"), "c2hvcnQ=\n");
        assertThatThrownBy(() -> MasterKeys.read(file))
                .hasMessageContaining("32 octets")
                .hasMessageNotContaining("c2hvcnQ");
    }

    private Vault vault(String... keys) throws IOException {
        var file = directory.resolve("keys");
        Files.writeString(file, "# first encrypts\n" + String.join("\n", keys));
        return new Vault(MasterKeys.read(file));
    }
}
