package dev.valija.account;

import dev.valija.account.Vault.WrappedKey;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.Upstream.Servers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables users and account. */
@Component
class AccountRows {
    private static final String SELECT = """
            select id, user_id, first, address, name, credentials_rejected, login_name,
                   store_host, store_port, store_security, transport_host, transport_port, transport_security,
                   master_key, data_key, password, max_message_size
            from account
            """;

    private final JdbcClient jdbc;
    private final Vault vault;

    AccountRows(JdbcClient jdbc, Vault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /**
     * An account with all that is stored of it; the password still encrypted.
     *
     * @param maxMessageSize see {@link Accounts#maxMessageSize}; null as long as the provider was not asked
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            Account account,
            boolean first,
            String loginName,
            Servers servers,
            WrappedKey key,
            byte[] password,
            @Nullable Long maxMessageSize) {

        /** What the server has vouched for, other than the address that somebody gives. */
        String provenAddress() {
            return loginName.contains("@")
                    ? loginName
                    : loginName + "@" + servers.store().host();
        }
    }

    List<Long> ids() {
        return jdbc.sql("select id from account order by id").query(Long.class).list();
    }

    long nextId() {
        return jdbc.sql("select nextval('account_id_seq')").query(Long.class).single();
    }

    List<Row> of(UserId user) {
        return jdbc.sql(SELECT + "where user_id = ? order by first desc, id")
                .param(user.value())
                .query(AccountRows::row)
                .list();
    }

    Optional<Row> find(long accountId) {
        return jdbc.sql(SELECT + "where id = ?")
                .param(accountId)
                .query(AccountRows::row)
                .optional();
    }

    /** The account whose login signs in to its user. */
    Optional<Row> findFirst(LoginKey key) {
        return jdbc.sql(SELECT + "where first and login_name = ? and store_host = ? and store_port = ?")
                .params(key.loginName(), key.host(), key.port())
                .query(AccountRows::row)
                .optional();
    }

    /** Accounts that sign in with that name, at whatever server: nothing says that the caller is one of them. */
    List<Row> firstsNamed(String loginName) {
        return jdbc.sql(SELECT + "where first and login_name = ? order by id limit 5")
                .param(loginName)
                .query(AccountRows::row)
                .list();
    }

    /** Makes the user of that login, or nothing when there is one already. */
    Optional<UserId> insertUser(LoginKey key) {
        return jdbc.sql("""
                        insert into users (store_host, store_port, login_name) values (?, ?, ?)
                        on conflict do nothing returning id
                        """)
                .params(key.host(), key.port(), key.loginName())
                .query(Long.class)
                .optional()
                .map(UserId::new);
    }

    void insert(Account account, boolean first, ServerLogin login) {
        var key = vault.newKey(account.id());
        var credentials = login.credentials();
        jdbc.sql("""
                        insert into account (id, user_id, first, address, name, login_name,
                                             store_host, store_port, store_security,
                                             transport_host, transport_port, transport_security,
                                             master_key, data_key, password)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        account.id(),
                        account.user().value(),
                        first,
                        account.address(),
                        account.name(),
                        credentials.username(),
                        login.store().host(),
                        login.store().port(),
                        login.store().security().name(),
                        login.transport().host(),
                        login.transport().port(),
                        login.transport().security().name(),
                        key.masterKey(),
                        key.wrapped(),
                        vault.encrypt(key, EncryptedColumn.ACCOUNT_PASSWORD, account.id(), credentials.password()))
                .update();
    }

    /** Stores servers and a password that have just been proven. */
    void proven(ServerLogin login) {
        var key = vault.newKey(login.accountId());
        jdbc.sql("""
                        update account
                        set store_host = ?, store_port = ?, store_security = ?,
                            transport_host = ?, transport_port = ?, transport_security = ?,
                            master_key = ?, data_key = ?, password = ?, credentials_rejected = false,
                            max_message_size = case when transport_host = ? then max_message_size end
                        where id = ?
                        """)
                .params(
                        login.store().host(),
                        login.store().port(),
                        login.store().security().name(),
                        login.transport().host(),
                        login.transport().port(),
                        login.transport().security().name(),
                        key.masterKey(),
                        key.wrapped(),
                        vault.encrypt(
                                key,
                                EncryptedColumn.ACCOUNT_PASSWORD,
                                login.accountId(),
                                login.credentials().password()),
                        login.transport().host(),
                        login.accountId())
                .update();
    }

    /** The user is known by the server their first account is at. */
    void moveUser(UserId user, LoginKey key) {
        jdbc.sql("update users set store_host = ?, store_port = ? where id = ?")
                .params(key.host(), key.port(), user.value())
                .update();
    }

    void rename(long accountId, String name) {
        jdbc.sql("update account set name = ? where id = ?")
                .params(name, accountId)
                .update();
    }

    /** Whether it was not known before. */
    boolean reject(long accountId) {
        return jdbc.sql("update account set credentials_rejected = true where id = ? and not credentials_rejected")
                        .param(accountId)
                        .update()
                > 0;
    }

    /** Whether it was not known before. */
    boolean learn(long accountId, long maxMessageSize) {
        return jdbc.sql("""
                        update account set max_message_size = :size
                         where id = :id and max_message_size is distinct from :size
                        """)
                        .param("size", maxMessageSize)
                        .param("id", accountId)
                        .update()
                > 0;
    }

    void delete(long accountId) {
        jdbc.sql("delete from account where id = ?").param(accountId).update();
    }

    /** Takes accounts, identities and sign-ins along. */
    void deleteUser(UserId user) {
        jdbc.sql("delete from users where id = ?").param(user.value()).update();
    }

    /** All it takes to connect. */
    ServerLogin login(Row row) {
        var id = row.account().id();
        var password = vault.decrypt(row.key(), EncryptedColumn.ACCOUNT_PASSWORD, id, row.password());
        return new ServerLogin(
                id, row.servers().store(), row.servers().transport(), new Credentials(row.loginName(), password));
    }

    Seal seal(Row row, String purpose) {
        return vault.seal(row.key(), row.account().id(), purpose);
    }

    private static Row row(ResultSet row, int n) throws SQLException {
        var account = new Account(
                row.getLong("id"),
                new UserId(row.getLong("user_id")),
                row.getString("address"),
                row.getString("name"),
                row.getBoolean("credentials_rejected"));
        var servers = new Servers(settings(row, "store"), settings(row, "transport"));
        var key = new WrappedKey(row.getString("master_key"), row.getBytes("data_key"));
        return new Row(
                account,
                row.getBoolean("first"),
                row.getString("login_name"),
                servers,
                key,
                row.getBytes("password"),
                row.getObject("max_message_size", Long.class));
    }

    private static ServerSettings settings(ResultSet row, String which) throws SQLException {
        return new ServerSettings(
                row.getString(which + "_host"),
                row.getInt(which + "_port"),
                Security.valueOf(row.getString(which + "_security")));
    }
}
