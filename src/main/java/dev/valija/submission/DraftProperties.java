package dev.valija.submission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's setting of {@link DraftMirror}.
 *
 * @param draftCopyPause how long nobody writes on a draft before it is copied to the provider
 */
@ConfigurationProperties("valija")
record DraftProperties(@DefaultValue("20s") Duration draftCopyPause) {
    DraftProperties {
        if (draftCopyPause.isNegative() || draftCopyPause.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("valija.draft-copy-pause must be between 0s and 1h");
        }
    }

    /** Who writes without a pause gets a copy that often. */
    Duration longest() {
        return draftCopyPause.multipliedBy(6);
    }
}
