package dev.valija.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.DataKeys.DataKey;
import dev.valija.support.FreshDatabase;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class KeyRotationTests {
    private static final DataSource DATABASE = FreshDatabase.migrated().dataSource();
    private static final String ONE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String TWO = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private static final String THREE = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    private static final ServerSettings SERVER = new ServerSettings("mail.example.org", 993, Security.TLS);

    private final JdbcClient jdbc = JdbcClient.create(DATABASE);

    @TempDir
    Path directory;

    @BeforeEach
    void empty() {
        jdbc.sql("delete from users").update();
    }

    @Test
    void atStartAllAccountsComeUnderTheNewKeyAndTheOldOneIsNeededNoMore() throws IOException {
        var id = account(vault(ONE), "s3cret");
        var before = stored(id);
        rotate(vault(TWO, ONE));
        assertThat(password(vault(TWO), id)).isEqualTo("s3cret");
        assertThat(stored(id)).doesNotContainAnyElementsOf(before);
    }

    @Test
    void anAccountOfALostKeyIsLeftAsItIs() throws IOException {
        var lost = account(vault(ONE), "lost");
        var before = stored(lost);
        rotate(vault(TWO));
        assertThat(stored(lost)).isEqualTo(before);
        rotate(vault(TWO, ONE));
        assertThat(password(vault(TWO), lost)).isEqualTo("lost");
    }

    @Test
    void everyEncryptedColumnIsInTheRegistry() {
        var octets = jdbc.sql("""
                        select table_name || '.' || column_name from information_schema.columns
                        where table_schema = 'public' and data_type = 'bytea' and table_name in ('account', 'identity', 'users')
                          and column_name <> 'data_key'
                        """).query(String.class).list();
        assertThat(Arrays.stream(EncryptedColumn.values())
                        .map(column -> column.place(1).replace(".1", "")))
                .containsExactlyInAnyOrderElementsOf(octets);
    }

    @Test
    void keysThatAreKeptBesideWhatTheySealFollowTheMasterKey() throws IOException {
        var user = new AccountRows(jdbc, vault(ONE))
                .insertUser(LoginKey.of(SERVER, "anna"))
                .orElseThrow();
        var lost = upload(user, new DataKeys(vault(TWO)).make(WrappedColumn.UPLOAD, user));
        var old = new DataKeys(vault(ONE));
        var key = old.make(WrappedColumn.UPLOAD, user);
        var id = upload(user, key);
        var sealed = old.open(WrappedColumn.UPLOAD, user, key).orElseThrow().seal("here", new byte[] {1, 2, 3});

        rotate(vault(THREE, ONE));

        var now = new DataKeys(vault(THREE));
        assertThat(now.open(WrappedColumn.UPLOAD, user, key)).isEmpty();
        assertThat(now.open(WrappedColumn.UPLOAD, user, stored(user, id))
                        .orElseThrow()
                        .open("here", sealed))
                .hasValue(new byte[] {1, 2, 3});
        assertThat(now.open(WrappedColumn.UPLOAD, new UserId(user.value() + 1), stored(user, id)))
                .isEmpty();
        assertThat(new DataKeys(vault(TWO)).open(WrappedColumn.UPLOAD, user, stored(user, lost)))
                .isPresent();
    }

    @Test
    void keysWithAllThatTheySealInOneRowAreMadeAnew() throws IOException {
        var account = account(vault(ONE), "s3cret");
        var user = new UserId(jdbc.sql("select user_id from account where id = ?")
                .param(account)
                .query(Long.class)
                .single());
        var column = WrappedColumn.COLLECTION;
        var old = new DataKeys(vault(ONE));
        var key = old.make(column, user);
        var sealed = old.open(column, user, key).orElseThrow().seal(column.sealedPlace(user), new byte[] {1, 2, 3});
        jdbc.sql("""
                        insert into collection (user_id, account_id, mailbox_id, mailbox_name, host, port, security,
                               login_name, master_key, data_key, password, interval_minutes)
                        values (?, ?, 1, 'INBOX', 'h', 995, 'TLS', 'anna', ?, ?, ?, 15)
                        """)
                .params(user.value(), account, key.masterKey(), key.wrapped(), sealed)
                .update();

        rotate(vault(THREE, ONE));

        var now = new DataKeys(vault(THREE));
        var stored = jdbc.sql("select master_key, data_key, password from collection where user_id = ?")
                .param(user.value())
                .query((row, n) -> Map.entry(new DataKey(row.getString(1), row.getBytes(2)), row.getBytes(3)))
                .single();
        var seal = now.open(column, user, stored.getKey()).orElseThrow();
        assertThat(seal.open(column.sealedPlace(user), stored.getValue())).hasValue(new byte[] {1, 2, 3});
        assertThat(seal.open(column.sealedPlace(user), sealed))
                .as("under a new key")
                .isEmpty();
    }

    @Test
    void everyKeyThatIsKeptBesideWhatItSealsIsInTheRegistry() {
        var tables = jdbc.sql("""
                        select table_name || '.data_key' from information_schema.columns
                        where table_schema = 'public' and column_name = 'master_key' and table_name <> 'account'
                        """).query(String.class).list();
        assertThat(Arrays.stream(WrappedColumn.values())
                        .map(column -> column.place(new UserId(1)).replace(".1", "")))
                .containsExactlyInAnyOrderElementsOf(tables);
    }

    private long upload(UserId user, DataKey key) {
        return jdbc.sql("""
                        insert into upload (user_id, name, type, length, master_key, data_key, created_at, expires_at)
                        values (?, 'a', 'b/c', 0, ?, ?, now(), now()) returning id
                        """)
                .params(user.value(), key.masterKey(), key.wrapped())
                .query(Long.class)
                .single();
    }

    private DataKey stored(UserId user, long upload) {
        return jdbc.sql("select master_key, data_key from upload where user_id = ? and id = ?")
                .params(user.value(), upload)
                .query((row, n) -> new DataKey(row.getString(1), row.getBytes(2)))
                .single();
    }

    private long account(Vault vault, String password) {
        var rows = new AccountRows(jdbc, vault);
        var user = rows.insertUser(LoginKey.of(SERVER, "anna")).orElseThrow();
        var id = rows.nextId();
        rows.insert(
                new Account(id, user, "anna@example.org", "Anna", false),
                true,
                new ServerLogin(id, SERVER, SERVER, new Credentials("anna", password)));
        return id;
    }

    private String password(Vault vault, long id) {
        var rows = new AccountRows(jdbc, vault);
        return rows.login(rows.find(id).orElseThrow()).credentials().password();
    }

    private List<String> stored(long id) {
        return jdbc.sql(
                        "select array[master_key, encode(data_key, 'hex'), encode(password, 'hex')] from account where id = ?")
                .param(id)
                .query((row, n) -> List.of((String[]) row.getArray(1).getArray()))
                .single();
    }

    private void rotate(Vault vault) {
        new KeyRotation(jdbc, vault, new TransactionTemplate(new JdbcTransactionManager(DATABASE)))
                .run(new DefaultApplicationArguments());
    }

    private Vault vault(String... keys) throws IOException {
        return new Vault(MasterKeys.read(Files.writeString(directory.resolve("keys"), String.join("\n", keys))));
    }
}
