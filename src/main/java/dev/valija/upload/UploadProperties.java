package dev.valija.upload;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's limits of uploads.
 *
 * @param uploadBytes octets of one file, and of all attachments of one message together; before they are encoded
 * @param uploadTotalBytes octets of all uploads that a user has at one time
 */
@ConfigurationProperties("valija")
public record UploadProperties(
        @DefaultValue("26214400") int uploadBytes,
        @DefaultValue("536870912") long uploadTotalBytes) {
    public UploadProperties {
        // A message is made in memory, and an array ends at 2 GiB; encoded, a third is added.
        if (uploadBytes < 0 || uploadBytes > 1 << 30) {
            throw new IllegalArgumentException("valija.upload-bytes must be between 0 and 1073741824");
        }
        if (uploadTotalBytes < uploadBytes) {
            throw new IllegalArgumentException("valija.upload-total-bytes must be at least valija.upload-bytes");
        }
    }
}
