package dev.valija.account;

import dev.valija.account.Vault.WrappedKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings all accounts under the current master key at start. Data keys are made anew with it: whoever has an old
 * master may have read the old data keys. So are keys with all that they seal in one row. Others that are kept beside what
 * they seal are only wrapped anew, since all of that would have to be written again: it is gone in days.
 */
@Component
class KeyRotation implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(KeyRotation.class);

    private final JdbcClient jdbc;
    private final Vault vault;
    private final TransactionTemplate transaction;

    KeyRotation(JdbcClient jdbc, Vault vault, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.transaction = transaction;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        var rotated = 0;
        var sealed = 0;
        for (var accountId : jdbc.sql("select id from account where master_key <> ? order by id")
                .param(vault.currentMaster())
                .query(Long.class)
                .list()) {
            if (Boolean.TRUE.equals(transaction.execute(status -> rotate(accountId)))) {
                rotated++;
            } else {
                sealed++;
            }
        }
        for (var column : WrappedColumn.values()) {
            rewrap(column);
        }
        if (rotated > 0) {
            log.info("{} accounts are under the current master key now", rotated);
        }
        if (sealed > 0) {
            log.error(
                    "{} accounts are encrypted under a master key that is not in the key file; their users will be"
                            + " asked for their passwords",
                    sealed);
        }
    }

    private boolean rotate(long accountId) {
        var old = jdbc.sql("select master_key, data_key from account where id = ? for update")
                .param(accountId)
                .query((row, n) -> new WrappedKey(row.getString("master_key"), row.getBytes("data_key")))
                .optional();
        if (old.isEmpty() || old.get().masterKey().equals(vault.currentMaster())) {
            return true; // removed meanwhile, or another node was here first
        }
        if (!vault.knows(old.get().masterKey())) {
            return false;
        }
        var key = vault.newKey(accountId);
        for (var column : EncryptedColumn.values()) {
            jdbc.sql(column.select())
                    .param(accountId)
                    .query((row, n) -> row.getBytes(1))
                    .optional()
                    .ifPresent(value -> jdbc.sql(column.update())
                            .param(vault.encrypt(
                                    key, column, accountId, vault.decrypt(old.get(), column, accountId, value)))
                            .param(accountId)
                            .update());
        }
        jdbc.sql("update account set master_key = ?, data_key = ? where id = ?")
                .params(key.masterKey(), key.wrapped(), accountId)
                .update();
        return true;
    }

    private void rewrap(WrappedColumn column) {
        for (var old : jdbc.sql(column.select())
                .param(vault.currentMaster())
                .query((row, n) -> new Wrapped(
                        new UserId(row.getLong(1)), new WrappedKey(row.getString(2), row.getBytes(3)), row.getBytes(4)))
                .list()) {
            if (vault.knows(old.key().masterKey())) {
                rewrap(column, old);
            }
        }
    }

    private void rewrap(WrappedColumn column, Wrapped old) {
        var place = column.place(old.user());
        var update = jdbc.sql(column.update());
        WrappedKey key;
        if (column.hasSealed()) {
            key = vault.newKey(place);
            var sealedPlace = column.sealedPlace(old.user());
            var plain = vault.seal(old.key(), place).open(sealedPlace, Objects.requireNonNull(old.sealed()));
            if (plain.isEmpty()) {
                log.error("{} of user {} cannot be decrypted", column, old.user());
                return;
            }
            update = update.param(vault.seal(key, place).seal(sealedPlace, plain.get()));
        } else {
            key = vault.rewrap(old.key(), place);
        }
        update.param(key.masterKey())
                .param(key.wrapped())
                .param(old.user().value())
                .param(old.key().wrapped())
                .update();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
    private record Wrapped(UserId user, WrappedKey key, byte @Nullable [] sealed) {}
}
