package dev.valija.mailbox;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of {@link KeptParts}.
 *
 * @param dataDir where files of ours are kept
 * @param attachmentCacheBytes most octets on disk, of which one part may take a quarter; 0 turns ranges off
 */
@ConfigurationProperties("valija")
record AttachmentCacheProperties(
        @DefaultValue("data") Path dataDir,
        @DefaultValue("536870912") long attachmentCacheBytes) {
    AttachmentCacheProperties {
        if (attachmentCacheBytes < 0) {
            throw new IllegalArgumentException("valija.attachment-cache-bytes must be 0 or more");
        }
    }
}
