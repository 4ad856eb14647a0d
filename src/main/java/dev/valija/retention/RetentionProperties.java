package dev.valija.retention;

import dev.valija.upstream.MailboxRole;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's rules, which hold where a user has set none. None is set by default.
 *
 * @param grace how long a message is announced to leave before it does, 1 to 90 days
 * @param inboxDays days that messages stay in INBOX, 1 to 3,650; null for ever
 * @param trashDays in Trash
 * @param junkDays in Junk
 * @param keepFlagged what bears {@code $flagged} stays
 * @param domains days for accounts of that mail domain, in place of those above
 */
@ConfigurationProperties("valija.retention")
record RetentionProperties(
        @DefaultValue("7d") Duration grace,
        @Nullable Integer inboxDays,
        @Nullable Integer trashDays,
        @Nullable Integer junkDays,
        @DefaultValue("true") boolean keepFlagged,
        @DefaultValue Map<String, Days> domains) {
    private static final Duration LONGEST_GRACE = Duration.ofDays(90);

    /** By the mailbox's role. */
    record Days(
            @Nullable Integer inboxDays,
            @Nullable Integer trashDays,
            @Nullable Integer junkDays) {
        Days {
            Stream.of(inboxDays, trashDays, junkDays).forEach(RetentionProperties::check);
        }

        @Nullable
        Integer of(MailboxRole role) {
            return switch (role) {
                case INBOX -> inboxDays;
                case TRASH -> trashDays;
                case JUNK -> junkDays;
                default -> null;
            };
        }
    }

    RetentionProperties {
        if (grace.compareTo(Duration.ofDays(1)) < 0 || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("valija.retention.grace must be between 1d and 90d");
        }
        Stream.of(inboxDays, trashDays, junkDays).forEach(RetentionProperties::check);
        domains = Map.copyOf(domains);
    }

    private static void check(@Nullable Integer days) {
        if (days != null && !Rule.isPossible(days)) {
            throw new IllegalArgumentException("days of retention must be between 1 and " + Rule.MOST_DAYS);
        }
    }

    /** Whether there is any rule. */
    boolean isSet() {
        return Stream.of(inboxDays, trashDays, junkDays).anyMatch(days -> days != null) || !domains.isEmpty();
    }

    /** For an account of that address. */
    @Nullable
    Integer days(String address, MailboxRole role) {
        var domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        var special = domains.getOrDefault(domain, new Days(null, null, null)).of(role);
        return special != null ? special : new Days(inboxDays, trashDays, junkDays).of(role);
    }
}
