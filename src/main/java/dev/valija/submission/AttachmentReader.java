package dev.valija.submission;

import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.message.BodyPart;
import dev.valija.message.FileNames;
import dev.valija.message.OutgoingAttachment;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.SubmissionRequest.NewAttachment;
import dev.valija.upstream.Upstream;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gets the octets of attachments: from the request, or from a message the user has. */
@Component
class AttachmentReader {
    /** What providers commonly take is 25 MB as encoded; this is before encoding. */
    private static final int MOST_OCTETS = 25 * 1024 * 1024;

    private final Accounts accounts;
    private final Upstream upstream;
    private final MessagePlaces places;

    AttachmentReader(Accounts accounts, Upstream upstream, MessagePlaces places) {
        this.accounts = accounts;
        this.upstream = upstream;
        this.places = places;
    }

    List<OutgoingAttachment> read(UserId user, @Nullable List<NewAttachment> wanted) {
        var read = new ArrayList<OutgoingAttachment>();
        int left = MOST_OCTETS;
        for (int i = 0; wanted != null && i < wanted.size(); i++) {
            var attachment = read(user, wanted.get(i), "/attachments/" + i, left);
            left -= attachment.content().length;
            read.add(attachment);
        }
        return read;
    }

    private OutgoingAttachment read(UserId user, NewAttachment wanted, String pointer, int left) {
        String content = wanted.content();
        String messageId = wanted.messageId();
        String partId = wanted.partId();
        if (content != null && messageId == null && partId == null) {
            return new OutgoingAttachment(
                    name(wanted.name(), "attachment"),
                    wanted.type() == null ? "application/octet-stream" : wanted.type(),
                    wanted.contentId(),
                    decode(content, pointer, left));
        }
        if (content == null && messageId != null && partId != null) {
            return part(user, wanted, messageId, partId, pointer, left);
        }
        throw ProblemException.invalid(pointer, "Give either content, or messageId and partId.");
    }

    private static byte[] decode(String content, String pointer, int left) {
        if (content.length() / 4L * 3L > left + 3L) {
            throw tooLarge();
        }
        try {
            byte[] octets = Base64.getDecoder().decode(content);
            if (octets.length > left) {
                throw tooLarge();
            }
            return octets;
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(pointer + "/content", "This is no base64.");
        }
    }

    private OutgoingAttachment part(
            UserId user, NewAttachment wanted, String messageId, String partId, String pointer, int left) {
        var place = place(user, messageId, pointer);
        var login = accounts.login(place.mailbox().accountId());
        return upstream.withStore(login, store -> {
            try {
                var part = find(store.open(place.remoteName(), place.remoteId()).structure(), partId);
                if (part == null) {
                    throw ProblemException.invalid(pointer + "/partId", "The message has no such part.");
                }
                var out = new Bounded(left);
                store.writePart(place.remoteName(), place.remoteId(), part, out);
                return new OutgoingAttachment(
                        name(wanted.name() == null ? part.name() : wanted.name(), "part-" + partId),
                        wanted.type() == null ? part.type() : wanted.type(),
                        wanted.contentId(),
                        out.octets.toByteArray());
            } catch (UpstreamException.NotFound e) {
                throw gone(pointer);
            } catch (IOException e) {
                throw new UpstreamException.Unavailable("connection lost while reading an attachment", e);
            }
        });
    }

    private MessagePlaces.Place place(UserId user, String messageId, String pointer) {
        try {
            return places.find(user, MessageKey.parse(messageId)).orElseThrow(() -> gone(pointer));
        } catch (ProblemException e) {
            throw gone(pointer);
        }
    }

    private static @Nullable BodyPart find(BodyPart part, String partId) {
        if (part.partId().equals(partId) && !part.type().startsWith("multipart/")) {
            return part;
        }
        for (BodyPart child : part.children()) {
            var found = find(child, partId);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String name(@Nullable String given, String otherwise) {
        String clean = FileNames.clean(given);
        return clean == null ? otherwise : clean;
    }

    private static ProblemException gone(String pointer) {
        return ProblemException.invalid(pointer + "/messageId", "There is no such message.");
    }

    private static ProblemException tooLarge() {
        return new ProblemException(
                Problem.REQUEST_TOO_LARGE,
                "The attachments of a message may have %,d octets together.".formatted(MOST_OCTETS));
    }

    /** Takes what comes up to a limit. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private final int most;

        Bounded(int most) {
            this.most = most;
        }

        @Override
        public void write(int octet) {
            room(1);
            octets.write(octet);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            room(length);
            octets.write(buffer, offset, length);
        }

        private void room(int length) {
            if (octets.size() + (long) length > most) {
                throw tooLarge();
            }
        }
    }
}
