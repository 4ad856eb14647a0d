package dev.valija.account;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of the installation as a whole.
 *
 * @param name what the sign-in page calls this installation
 * @param version of the software
 * @param dataDir where files of ours are kept
 * @param masterKeyFile one base64 key of 32 octets a line; the first encrypts, all decrypt. Absent: one is made in
 *     the data directory
 * @param maxRequestBytes the largest request body
 */
@ConfigurationProperties("valija")
record ValijaProperties(
        @DefaultValue("Valija") String name,
        @DefaultValue("dev") String version,
        @DefaultValue("data") Path dataDir,
        @Nullable Path masterKeyFile,
        @DefaultValue("36700160") long maxRequestBytes) {}
