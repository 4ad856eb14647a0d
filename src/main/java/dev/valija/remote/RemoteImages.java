package dev.valija.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.valija.account.Accesses;
import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.account.Accounts;
import dev.valija.account.Seal;
import dev.valija.account.UserId;
import dev.valija.upstream.WebAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Addresses of our own for the remote images of a message. Each is a token, sealed with a key of the account, that holds
 * who reads, what is shown and until when: it takes no cookie to use, which the sandboxed page could not send, and is
 * good for one image in one message. Sealed and not only signed, so that no log along the way has what somebody looks at.
 */
@Component
public class RemoteImages {
    /** Where these addresses are below. */
    static final String PATH = "/api/v1/images";

    private static final String PURPOSE = "remote images";
    private static final Duration VALID = Duration.ofHours(1);
    private static final Pattern MESSAGE = Pattern.compile("([1-9][0-9]{0,17})-[1-9][0-9]{0,17}");

    /** What goes before the URL: user, expiry. */
    private static final int HEAD = 2 * Long.BYTES;

    private final Accounts accounts;
    private final Accesses accesses;
    private final Clock clock;

    /** Short: another node may give an account another key. */
    private final Cache<Long, Optional<Seal>> seals =
            Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(5)).build();

    @Autowired
    RemoteImages(Accounts accounts, Accesses accesses) {
        this(accounts, accesses, Clock.systemUTC());
    }

    RemoteImages(Accounts accounts, Accesses accesses, Clock clock) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.clock = clock;
    }

    /** Who sees which image. */
    record Shown(UserId user, WebAddress image) {}

    /**
     * Makes an address of ours of an image's, for that reader of that message. It yields null for what is no address
     * that we would fetch: then there is no image.
     */
    public Function<String, @Nullable String> addresses(UserId user, long accountId, String messageId) {
        var seal = seal(accountId).orElse(null);
        long until = clock.instant().plus(VALID).getEpochSecond();
        return url -> seal == null
                ? null
                : WebAddress.of(url)
                        .map(image -> PATH + "/" + messageId + "/" + token(seal, messageId, user, until, image))
                        .orElse(null);
    }

    private static String token(Seal seal, String messageId, UserId user, long until, WebAddress image) {
        var url = image.toString().getBytes(StandardCharsets.US_ASCII);
        var plain = ByteBuffer.allocate(HEAD + url.length)
                .putLong(user.value())
                .putLong(until)
                .put(url)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(seal.seal(place(messageId), plain));
    }

    /** What a token shows; nothing when it was made for another message, changed, or has run out. */
    Optional<Shown> open(String messageId, String token) {
        var message = MESSAGE.matcher(messageId);
        if (!message.matches()) {
            return Optional.empty();
        }
        long accountId = Long.parseLong(message.group(1));
        return octets(token)
                .flatMap(octets -> seal(accountId).flatMap(seal -> seal.open(place(messageId), octets)))
                .map(ByteBuffer::wrap)
                .flatMap(plain -> {
                    var user = new UserId(plain.getLong());
                    boolean valid = clock.instant().getEpochSecond() < plain.getLong() && reads(user, accountId);
                    var url = StandardCharsets.US_ASCII.decode(plain).toString();
                    return valid ? WebAddress.of(url).map(image -> new Shown(user, image)) : Optional.empty();
                });
    }

    private boolean reads(UserId user, long accountId) {
        return accesses.find(user, accountId).isPresent();
    }

    private static Optional<byte[]> octets(String token) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** It opens for the same message only. */
    private static String place(String messageId) {
        return "remote image 1 " + messageId;
    }

    private Optional<Seal> seal(long accountId) {
        return seals.get(accountId, id -> accounts.seal(id, PURPOSE));
    }

    /** Its key may be another now. */
    @TransactionalEventListener(fallbackExecution = true)
    void changed(AccountChanged event) {
        seals.invalidate(event.accountId());
    }

    @TransactionalEventListener(fallbackExecution = true)
    void removed(AccountRemoved event) {
        seals.invalidate(event.accountId());
    }
}
