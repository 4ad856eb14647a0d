package dev.valija.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.valija.message.CpuBudget;
import dev.valija.message.MimeReader;
import dev.valija.message.TransferEncoding;
import dev.valija.message.Unpacked;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Fetches messages to be read, and keeps the last ones for a while: their pages are asked for right after. */
@Component
class OpenedMessages {
    private static final Logger log = LoggerFactory.getLogger(OpenedMessages.class);
    private static final long KEPT_OCTETS = 48L << 20;
    private static final int LONGEST_SOURCE = 512 * 1024;

    private final StoredMessages messages;
    private final BodyCache bodies;
    private final Cache<MessageKey, Opened> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT_OCTETS)
            .weigher((MessageKey key, Opened opened) -> opened.weight())
            .expireAfterWrite(Duration.ofMinutes(10))
            .scheduler(Scheduler.systemScheduler())
            .build();

    private final Map<MessageKey, CompletableFuture<@Nullable Opened>> onTheirWay = new ConcurrentHashMap<>();

    OpenedMessages(StoredMessages messages, BodyCache bodies) {
        this.messages = messages;
        this.bodies = bodies;
    }

    /** @throws dev.valija.problem.ProblemException not-found when it is gone from the provider */
    Opened open(StoredMessage message) {
        // Ids are stable and what they name never changes, so an entry is right as long as there is a row.
        var known = kept.getIfPresent(message.key());
        return known == null ? readOnce(message) : known;
    }

    /**
     * The message with its remote images, at the addresses that show them: made anew for each reader, and not kept.
     *
     * @param remoteImage as {@link Opened#of} takes it
     */
    Opened openWithImages(StoredMessage message, Function<String, @Nullable String> remoteImage) {
        var known = kept.getIfPresent(message.key());
        return known != null && known.isSource()
                ? known
                : read(message, source -> Opened.of(message.key(), source, remoteImage));
    }

    /** Whether it can be opened without asking the provider. */
    boolean holds(MessageKey key) {
        return kept.getIfPresent(key) != null || bodies.holds(key);
    }

    /** Whoever wants what is on its way already waits for that; its failure is not theirs. */
    private Opened readOnce(StoredMessage message) {
        Function<MessageSource, Opened> making = source -> Opened.of(message.key(), source);
        var mine = new CompletableFuture<@Nullable Opened>();
        var before = onTheirWay.putIfAbsent(message.key(), mine);
        if (before != null) {
            var theirs = before.join();
            return theirs == null ? read(message, making) : theirs;
        }
        Opened read = null;
        try {
            read = read(message, making);
            kept.put(message.key(), read);
            return read;
        } finally {
            onTheirWay.remove(message.key());
            mine.complete(read);
        }
    }

    private Opened read(StoredMessage message, Function<MessageSource, Opened> making) {
        var cached = bodies.find(message);
        if (cached.isPresent()) {
            try {
                return made(making, cached.get());
            } catch (CpuBudget.Exceeded e) {
                // It would be so again: once is enough.
                log.warn("message {} cannot be shown but as its source", message.key(), e);
                return messages.at(message, (store, mailbox, id) -> source(message, store, mailbox, id));
            } catch (RuntimeException e) {
                log.warn("message {} cannot be shown but as its source", message.key(), e);
            }
        }
        return messages.at(
                        message,
                        (store, mailbox, id) -> fetch(
                                message, store, mailbox, id, new Way(making, source -> isAnother(message, source))))
                .orElseGet(() -> readAgain(message, making));
    }

    /**
     * The octets of a part that we have unpacked ourselves, decoded.
     *
     * @throws ProblemException not-found
     */
    byte[] unpacked(StoredMessage message, String partId) {
        var octets = unpacked(message, List.of(partId), Integer.MAX_VALUE).get(partId);
        if (octets == null) {
            throw ProblemException.notFound("part");
        }
        return octets;
    }

    /** How those of the parts begin that we have unpacked ourselves, decoded, with as many octets at most. */
    Map<String, byte[]> unpacked(StoredMessage message, Collection<String> partIds, int octets) {
        var source = bodies.find(message)
                .orElseGet(() ->
                        messages.at(message, (store, mailbox, id) -> store.open(mailbox, id, message.structure())));
        try {
            return CpuBudget.within(CpuBudget.ONE_MAIL, () -> {
                var mail = Unpacked.of(source.structure(), source.parts());
                var found = new HashMap<String, byte[]>();
                mail.structure()
                        .allLeaves()
                        .filter(part -> partIds.contains(part.partId()))
                        .forEach(part -> {
                            var encoded = mail.parts().get(part.partId());
                            if (encoded != null) {
                                byte[] decoded = TransferEncoding.decode(encoded, part.encoding());
                                found.put(part.partId(), Arrays.copyOf(decoded, Math.min(decoded.length, octets)));
                            }
                        });
                return found;
            });
        } catch (RuntimeException e) {
            // As when it is opened: one bad message never breaks anything, what is in it is not to be had.
            log.warn("message {} cannot be unpacked", message.key(), e);
            return Map.of();
        }
    }

    /** Reads a message anew that seemed to be another one. If its mailbox still has it there, it is only odd. */
    private Opened readAgain(StoredMessage message, Function<MessageSource, Opened> making) {
        var now = messages.lookForAgain(message);
        boolean there = now.isAt(message);
        return messages.at(
                        now,
                        (store, mailbox, id) -> fetch(
                                now, store, mailbox, id, new Way(making, source -> !there && isAnother(now, source))))
                .orElseThrow(() -> ProblemException.notFound("message"));
    }

    /** What to make of a source, and which is not to be taken. */
    private record Way(Function<MessageSource, Opened> making, Predicate<MessageSource> unwanted) {}

    /** @return nothing if what is there is not wanted */
    private Optional<Opened> fetch(StoredMessage message, MailStore store, String mailbox, RemoteId id, Way way) {
        try {
            var source = store.open(mailbox, id, message.structure());
            if (way.unwanted().test(source)) {
                return Optional.empty();
            }
            var opened = made(way.making(), source);
            bodies.keep(message, source);
            return Optional.of(opened);
        } catch (UpstreamException.NotSupported unreadable) {
            // The server cannot take the message apart.
            return Optional.of(source(message, store, mailbox, id));
        } catch (UpstreamException e) {
            throw e;
        } catch (RuntimeException e) {
            // DESIGN 6: one bad message never breaks anything, it is shown as its source.
            log.warn("message {} cannot be shown but as its source", message.key(), e);
            return Optional.of(source(message, store, mailbox, id));
        }
    }

    private static Opened made(Function<MessageSource, Opened> making, MessageSource source) {
        return CpuBudget.within(CpuBudget.ONE_MAIL, () -> making.apply(source));
    }

    /**
     * Whether that is another message, which nobody may be shown for this one: of a server that has a mailbox selected
     * while another takes its name we may get what lies in the place of what we asked for (Dovecot 2.3). Servers do
     * not read odd headers as we do (of two fields Dovecot takes the last), so this is a suspicion only.
     */
    private static boolean isAnother(StoredMessage message, MessageSource source) {
        var expected = message.envelope();
        var id = expected.messageId();
        var found = MimeReader.envelope(source.header());
        return id != null
                && found.messageId() != null
                && MimeReader.headers(source.header()).stream()
                        .filter(field -> field.name().equalsIgnoreCase("Message-ID"))
                        .map(field -> MimeReader.messageId(field.value()))
                        .filter(Objects::nonNull)
                        .noneMatch(other -> Texts.idKey(other).equals(Texts.idKey(id)))
                && !(Objects.equals(found.subject(), expected.subject())
                        && Objects.equals(found.sentAt(), expected.sentAt()));
    }

    private static Opened source(StoredMessage message, MailStore store, String mailbox, RemoteId id) {
        var out = new FirstOctets(LONGEST_SOURCE);
        try {
            store.writeRaw(mailbox, id, out);
        } catch (IOException e) {
            throw new UpstreamException.Unavailable("the message could not be read to its end", e);
        }
        return Opened.raw(out, message.structure());
    }
}
