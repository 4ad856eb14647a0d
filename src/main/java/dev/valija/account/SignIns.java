package dev.valija.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.problem.ProblemException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Sessions and tokens: random, kept as hashes, revocable at once. */
@Service
public class SignIns {
    /** The cookie of browsers' sessions. */
    public static final String COOKIE = "valija_session";

    /** The cookie that a page reads and repeats in {@link #CSRF_HEADER}. */
    static final String CSRF_COOKIE = "XSRF-TOKEN";

    /** What no page of another site can send along. */
    public static final String CSRF_HEADER = "X-XSRF-TOKEN";

    /** How long another node may still let a revoked one in; this one forgets at once. */
    private static final Duration REMEMBERED = Duration.ofSeconds(5);

    private static final int MAX_PER_USER = 200;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final Cache<ByteBuffer, SignedIn> known = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(100_000)
            .build();

    SignIns(JdbcClient jdbc, TransactionTemplate transaction, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.events = events;
    }

    /** Which of the two it is. */
    enum Kind {
        /** A browser's: 30 days from its last use, 180 in all. */
        SESSION,
        /** An app's: until revoked. */
        TOKEN;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A session or token with its secret, which is told this once. */
    record NewSignIn(long id, String token) {
        @Override
        public String toString() {
            return "NewSignIn[" + id + "]";
        }
    }

    /** A session or token as its user sees it. */
    record Listed(
            long id,
            String kind,
            String name,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    NewSignIn create(UserId user, Kind kind, String name) {
        var octets = new byte[32];
        RANDOM.nextBytes(octets);
        var token = "vlj_" + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        return transaction.execute(status -> {
            tidy(user);
            var id = jdbc.sql("""
                            insert into sign_in (user_id, kind, name, token_hash, last_used_at, expires_at)
                            values (?, ?, ?, ?, now(), case when ? then now() + interval '30 days' end) returning id
                            """)
                    .params(user.value(), kind.text(), name, hash(token), kind == Kind.SESSION)
                    .query(Long.class)
                    .single();
            return new NewSignIn(id, token);
        });
    }

    /** Who shows that token, when it is still good. */
    public Optional<SignedIn> find(String token) {
        if (token.length() > 200) {
            return Optional.empty();
        }
        var hash = hash(token);
        // Loading inside the cache's own lock: a revocation that commits meanwhile waits here and then forgets it.
        return Optional.ofNullable(known.get(ByteBuffer.wrap(hash), key -> load(hash)));
    }

    /** Whether a request let in earlier would be so now. */
    public boolean stands(SignedIn signedIn) {
        return jdbc.sql(
                        "select 1 from sign_in where user_id = ? and id = ? and (expires_at is null or expires_at > now())")
                .params(signedIn.user().value(), signedIn.signInId())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Newest first. */
    List<Listed> of(UserId user) {
        return jdbc.sql("""
                        select id, kind, name, created_at, last_used_at from sign_in
                        where user_id = ? and (expires_at is null or expires_at > now()) order by id desc
                        """)
                .param(user.value())
                .query((row, n) -> new Listed(
                        row.getLong("id"),
                        row.getString("kind"),
                        row.getString("name"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row.getObject("last_used_at", OffsetDateTime.class))))
                .list();
    }

    /**
     * Ends a session or token of the user at once.
     *
     * @throws ProblemException not-found when there is none of that id or it is another user's
     */
    void revoke(UserId user, long id) {
        var hash = transaction.execute(status -> {
            var deleted = jdbc.sql("delete from sign_in where user_id = ? and id = ? returning token_hash")
                    .params(user.value(), id)
                    .query((row, n) -> row.getBytes(1))
                    .optional()
                    .orElseThrow(() -> ProblemException.notFound("token"));
            events.publishEvent(new SignInRevoked(user, id));
            return deleted;
        });
        known.invalidate(ByteBuffer.wrap(hash));
    }

    /** Ends all of the user's. Within the caller's transaction; {@link #forget} them once it is through. */
    void revokeAll(UserId user) {
        jdbc.sql("delete from sign_in where user_id = ? returning id")
                .param(user.value())
                .query(Long.class)
                .list()
                .forEach(id -> events.publishEvent(new SignInRevoked(user, id)));
    }

    /** Looks the user's sign-ins up anew from now on. */
    void forget(UserId user) {
        known.asMap().values().removeIf(signedIn -> signedIn.user().equals(user));
    }

    private @Nullable SignedIn load(byte[] hash) {
        return jdbc.sql("""
                        select user_id, id, kind, last_used_at is null or last_used_at < now() - interval '5 minutes' stale
                        from sign_in where token_hash = ? and (expires_at is null or expires_at > now())
                        """)
                .param(hash)
                .query((row, n) -> {
                    var signedIn = new SignedIn(
                            new UserId(row.getLong("user_id")),
                            row.getLong("id"),
                            row.getString("kind").equals(Kind.SESSION.text()));
                    if (row.getBoolean("stale")) {
                        touch(signedIn);
                    }
                    return signedIn;
                })
                .optional()
                .orElse(null);
    }

    private void touch(SignedIn signedIn) {
        jdbc.sql("""
                        update sign_in set last_used_at = now(),
                            expires_at = case when kind = 'session'
                                then least(now() + interval '30 days', created_at + interval '180 days') end
                        where user_id = ? and id = ?
                        """).params(signedIn.user().value(), signedIn.signInId()).update();
    }

    /** Drops what has expired, and the longest unused of too many. */
    private void tidy(UserId user) {
        jdbc.sql("delete from sign_in where user_id = ? and expires_at <= now()")
                .param(user.value())
                .update();
        jdbc.sql("""
                        delete from sign_in where user_id = ? and kind = 'session' and id in (
                            select id from sign_in where user_id = ? and kind = 'session'
                            order by coalesce(last_used_at, created_at) desc offset ?)
                        """).params(user.value(), user.value(), MAX_PER_USER).update();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** What a browser must repeat to change anything in that session; it tells nothing of the session. */
    public static String csrfToken(String session) {
        var mac = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, "csrf " + session).hmac("");
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    private static byte[] hash(String token) {
        return DigestUtils.sha256(token);
    }
}
