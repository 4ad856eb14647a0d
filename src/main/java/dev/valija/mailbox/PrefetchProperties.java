package dev.valija.mailbox;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's setting of {@link Prefetch}.
 *
 * @param prefetch whether messages are fetched that a reader will probably open next
 */
@ConfigurationProperties("valija")
record PrefetchProperties(@DefaultValue("true") boolean prefetch) {}
