package dev.valija.submission;

import dev.valija.upstream.RemoteId;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A message at the provider that is a copy of a draft.
 *
 * @param id later ones have greater ids
 * @param revision of the draft
 * @param messageId its Message-ID, without angle brackets
 * @param hash SHA-256 of its octets; empty for what another program wrote and the draft goes on with
 * @param remoteName the mailbox at the provider
 * @param remoteId null until the provider has told: it may be there or not, or be on its way
 * @param late whether what was on its way then has come by now, or never will
 */
@SuppressWarnings("ArrayRecordComponent") // compared by hasOctets
record DraftCopy(
        long accountId,
        long id,
        int revision,
        String messageId,
        byte[] hash,
        String remoteName,
        @Nullable RemoteId remoteId,
        boolean late) {

    /** Whether we wrote it, and know it again. */
    boolean isOurs() {
        return hash.length > 0;
    }

    /** Writes a message as the provider holds it. */
    @FunctionalInterface
    interface Raw {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Whether a message is this one, to the octet: another program may have made something else of it. */
    boolean hasOctets(Raw message) {
        var digest = new DigestOutputStream(OutputStream.nullOutputStream(), DigestUtils.getSha256Digest());
        try {
            message.writeTo(digest);
        } catch (IOException e) {
            throw new IllegalStateException("a digest takes all octets", e);
        }
        return MessageDigest.isEqual(digest.getMessageDigest().digest(), hash);
    }
}
