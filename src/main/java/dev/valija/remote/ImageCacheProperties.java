package dev.valija.remote;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of {@link ImageCache}.
 *
 * @param imageCacheBytes most octets of remote images kept in memory, over all users; 0 keeps none
 */
@ConfigurationProperties("valija")
record ImageCacheProperties(@DefaultValue("33554432") long imageCacheBytes) {
    ImageCacheProperties {
        if (imageCacheBytes < 0) {
            throw new IllegalArgumentException("valija.image-cache-bytes must be 0 or more");
        }
    }
}
