package dev.valija.mailbox;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of {@link BodyCache}.
 *
 * @param dataDir where files of ours are kept
 * @param bodyCacheBytes most octets on disk; 0 turns it off
 */
@ConfigurationProperties("valija")
record BodyCacheProperties(
        @DefaultValue("data") Path dataDir,
        @DefaultValue("1073741824") long bodyCacheBytes) {
    BodyCacheProperties {
        if (bodyCacheBytes < 0) {
            throw new IllegalArgumentException("valija.body-cache-bytes must be 0 or more");
        }
    }
}
