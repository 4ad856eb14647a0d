package dev.valija.mailbox;

import dev.valija.account.AccessAction;
import dev.valija.account.AccessRole;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.message.ListUnsubscribe;
import dev.valija.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/** The user's messages: reading them changes nothing. Unknown messages and other users' are not-found alike. */
@Service
public class Messages {
    private final Accesses accesses;
    private final StoredMessages messages;
    private final OpenedMessages opened;
    private final InlineImages images;
    private final RemoteContent remote;
    private final Prefetch prefetch;
    private final BulkChanges bulk;
    private final Parts parts;
    private final SenderSigns signs;
    private final ReceiptWishes receipts;

    Messages(
            Accesses accesses,
            StoredMessages messages,
            OpenedMessages opened,
            InlineImages images,
            RemoteContent remote,
            Prefetch prefetch,
            BulkChanges bulk,
            Parts parts,
            SenderSigns signs,
            ReceiptWishes receipts) {
        this.accesses = accesses;
        this.messages = messages;
        this.opened = opened;
        this.images = images;
        this.remote = remote;
        this.prefetch = prefetch;
        this.bulk = bulk;
        this.parts = parts;
        this.signs = signs;
        this.receipts = receipts;
    }

    /** A page that shows a message, and how many remote resources were left out of it. */
    record Page(String html, int blockedRemote) {}

    MessageView open(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        var open = opened.open(message);
        prefetch.reading(key);
        return MessageView.of(
                message,
                open,
                signs.of(message, open),
                // It is the owner's to give, who alone is asked.
                accesses.require(user, key.accountId()).isOwner()
                        && receipts.of(message, open).isPresent(),
                remote.allowed(user, open));
    }

    Page page(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        var open = opened.open(message);
        return new Page(HtmlDocument.of(images.embed(message, open)), open.blockedRemote());
    }

    /** The same with the remote images at addresses of ours: the reader asks for them, for this message or its sender. */
    Page pageWithImages(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        var open = opened.openWithImages(message, remote.addresses(user, key));
        return new Page(HtmlDocument.of(images.embed(message, open)), open.blockedRemote());
    }

    /** The same with the images that the mail brings along where its parts are, for who quotes it. */
    Page pageOfParts(UserId user, MessageKey key) {
        var open = opened.open(messages.require(user, key));
        return new Page(HtmlDocument.of(open.html()), open.blockedRemote());
    }

    /** The message for going on with it: what it shows of others' servers is named as it was, and not fetched. */
    public Manuscript manuscript(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        return Manuscript.of(message, opened.openWithImages(message, Function.identity()));
    }

    /**
     * How the message says that one leaves its list, for whoever may do so.
     *
     * @throws ProblemException not-found where it says nothing
     */
    ListUnsubscribe unsubscribe(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        var access = accesses.require(user, key.accountId());
        long mailbox = message.row().mailbox().id();
        access.require(AccessRole.SEND, mailbox);
        var way = signs.of(message, opened.open(message)).unsubscribe();
        if (way == null) {
            throw ProblemException.notFound("way to unsubscribe");
        }
        accesses.tellOfMessage(access, AccessAction.UNSUBSCRIBED, mailbox, key.id());
        return way;
    }

    /** The addresses and ids that an answer needs, from the index; very long lists are cut. */
    public Envelope envelope(UserId user, MessageKey key) {
        return messages.require(user, key).envelope();
    }

    /** Who wants to be told that this reader has read the message (RFC 8098 2.1). */
    public Optional<Address> receiptTo(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        return receipts.of(message, opened.open(message));
    }

    /** Whether a program wrote it and no person: a report, or an answer that came by itself (RFC 3834 5). */
    public boolean isAutomatic(UserId user, MessageKey key) {
        var message = messages.require(user, key);
        return message.structure().type().equals("multipart/report")
                || opened.open(message).isAutomatic();
    }

    /** Whether the message has a keyword, as far as the index knows. */
    public boolean has(UserId user, MessageKey key, Keyword keyword) {
        return messages.require(user, key).row().summary().keywords().contains(keyword.value());
    }

    /** The message's MIME tree, from the index. */
    public BodyPart structure(UserId user, MessageKey key) {
        return messages.require(user, key).structure();
    }

    /** A leaf, also of what we have unpacked. @throws ProblemException not-found */
    public BodyPart part(UserId user, MessageKey key, String partId) {
        return parts.find(user, key, partId).part();
    }

    /**
     * Writes a part, decoded, as it arrives.
     *
     * @throws ProblemException before anything is written
     * @throws IOException from {@code out}
     */
    public void writePart(UserId user, MessageKey key, String partId, OutputStream out) throws IOException {
        parts.write(parts.find(user, key, partId), out);
    }

    /** The page of a message within another. @throws ProblemException not-found */
    Page embeddedPage(UserId user, MessageKey key, String partId) {
        var message = messages.require(user, key);
        var open = opened.open(message);
        return open.embedded().stream()
                .filter(embedded -> embedded.partId().equals(partId))
                .findFirst()
                .map(embedded -> new Page(
                        HtmlDocument.of(images.embed(message, open, embedded.content())),
                        embedded.content().blockedRemote()))
                .orElseThrow(() -> ProblemException.notFound("part"));
    }

    /** Writes the message as the provider holds it. */
    public void writeRaw(UserId user, MessageKey key, OutputStream out) throws IOException {
        parts.writeRaw(messages.require(user, key), out);
    }

    /** Adds and removes keywords at the provider and in the index: what became of the parent of an answer. */
    public void changeKeywords(UserId user, MessageKey key, Set<Keyword> add, Set<Keyword> remove) {
        var result = bulk.change(
                user,
                new BulkRequests.Chosen.Ids(Set.of(key.toString())),
                new BulkRequests.KeywordChange(add, remove),
                null);
        if (!result.failed().isEmpty()) {
            throw ProblemException.notFound("message");
        }
    }

    /** The name that a message is saved by. */
    String fileName(UserId user, MessageKey key) {
        return DownloadNames.ofMessage(
                messages.require(user, key).row().summary().subject());
    }
}
