package dev.valija.account;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings for what is kept secret.
 *
 * @param dataDir where files of ours are kept
 * @param masterKeyFile one base64 key of 32 octets a line; the first encrypts, all decrypt. Absent: one is made in
 *     the data directory
 */
@ConfigurationProperties("valija")
record VaultProperties(
        @DefaultValue("data") Path dataDir, @Nullable Path masterKeyFile) {}
