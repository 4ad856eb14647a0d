package dev.valija.mailbox;

import dev.valija.account.UserId;
import dev.valija.remote.ImageSenders;
import dev.valija.remote.RemoteImages;
import dev.valija.trust.Trust;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether and how a message's remote images are shown. */
@Component
class RemoteContent {
    private final ImageSenders senders;
    private final RemoteImages images;
    private final Trust trust;

    RemoteContent(ImageSenders senders, RemoteImages images, Trust trust) {
        this.senders = senders;
        this.images = images;
        this.trust = trust;
    }

    /**
     * Whether the reader has said "always" of whom it comes from. Anybody may write that address: where a server on the
     * way found it forged, or there is more than one, what was said does not hold.
     */
    boolean allowed(UserId user, Opened opened) {
        var envelope = opened.envelope();
        return opened.blockedRemote() > 0
                && envelope != null
                && envelope.from().size() == 1
                && !trust.saysForged(opened.fields())
                && senders.allows(user, envelope.from().getFirst().email());
    }

    /** The addresses of ours that show remote images to that reader. */
    Function<String, @Nullable String> addresses(UserId user, MessageKey key) {
        return images.addresses(user, key.accountId(), key.toString());
    }
}
