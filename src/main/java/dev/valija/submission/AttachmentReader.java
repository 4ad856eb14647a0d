package dev.valija.submission;

import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.Messages;
import dev.valija.message.BodyPart;
import dev.valija.message.FileNames;
import dev.valija.message.OutgoingAttachment;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.submission.SubmissionRequest.NewAttachment;
import dev.valija.upload.UploadKey;
import dev.valija.upload.UploadProperties;
import dev.valija.upload.Uploads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gets the octets of attachments: from an upload, a message the user has, or the request. */
@Component
class AttachmentReader {
    private final Messages messages;
    private final Uploads uploads;
    private final int mostOctets;

    AttachmentReader(Messages messages, Uploads uploads, UploadProperties limits) {
        this.messages = messages;
        this.uploads = uploads;
        this.mostOctets = limits.uploadBytes();
    }

    /** Which uploads are among them. */
    static List<Long> uploads(@Nullable List<NewAttachment> wanted) {
        return wanted == null
                ? List.of()
                : wanted.stream()
                        .map(NewAttachment::uploadId)
                        .filter(Objects::nonNull)
                        .map(Long::valueOf)
                        .distinct()
                        .toList();
    }

    List<OutgoingAttachment> read(UserId user, @Nullable List<NewAttachment> wanted) {
        return read(user, wanted, refused -> false);
    }

    /**
     * Those that can be had, and that have room.
     *
     * @throws ProblemException when the provider cannot be asked for one just now
     */
    List<OutgoingAttachment> readWhatIsThere(UserId user, List<NewAttachment> wanted) {
        return read(user, wanted, refused -> switch (refused.problem()) {
            case INVALID_REQUEST, NOT_FOUND, REQUEST_TOO_LARGE -> true;
            default -> false;
        });
    }

    private List<OutgoingAttachment> read(
            UserId user, @Nullable List<NewAttachment> wanted, Predicate<ProblemException> passedOver) {
        var read = new ArrayList<OutgoingAttachment>();
        int left = mostOctets;
        for (int i = 0; wanted != null && i < wanted.size(); i++) {
            try {
                var attachment = read(user, wanted.get(i), "/attachments/" + i, left);
                left -= attachment.content().length;
                read.add(attachment);
            } catch (ProblemException e) {
                if (!passedOver.test(e)) {
                    throw e;
                }
            }
        }
        return read;
    }

    private OutgoingAttachment read(UserId user, NewAttachment wanted, String pointer, int left) {
        String uploadId = wanted.uploadId();
        String content = wanted.content();
        String messageId = wanted.messageId();
        String partId = wanted.partId();
        if (uploadId != null && content == null && messageId == null && partId == null) {
            return upload(wanted, NamedUpload.key(user, uploadId, pointer), pointer, left);
        }
        if (content != null && uploadId == null && messageId == null && partId == null) {
            return new OutgoingAttachment(
                    name(wanted.name(), "attachment"),
                    wanted.type() == null ? "application/octet-stream" : wanted.type(),
                    wanted.contentId(),
                    decode(content, pointer, left));
        }
        if (content == null && uploadId == null && messageId != null && partId != null) {
            return part(user, wanted, messageId, partId, pointer, left);
        }
        throw ProblemException.invalid(pointer, "Give either uploadId, or messageId and partId, or content.");
    }

    private OutgoingAttachment upload(NewAttachment wanted, UploadKey key, String pointer, int left) {
        try {
            var upload = uploads.require(key);
            if (!upload.finished()) {
                throw NamedUpload.gone(List.of(pointer + NamedUpload.FIELD));
            }
            var out = bounded(left);
            uploads.write(key, out);
            return new OutgoingAttachment(
                    name(wanted.name() == null ? upload.name() : wanted.name(), "attachment"),
                    wanted.type() == null ? upload.type() : wanted.type(),
                    wanted.contentId(),
                    out.toByteArray());
        } catch (ProblemException e) {
            throw e.problem() == Problem.NOT_FOUND ? NamedUpload.gone(List.of(pointer + NamedUpload.FIELD)) : e;
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all octets", e);
        }
    }

    private byte[] decode(String content, String pointer, int left) {
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
        var key = key(user, messageId, pointer);
        var part = part(user, key, partId, pointer);
        var out = bounded(left);
        try {
            messages.writePart(user, key, partId, out);
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all octets", e);
        }
        return new OutgoingAttachment(
                name(wanted.name() == null ? part.name() : wanted.name(), "part-" + partId),
                wanted.type() == null ? part.type() : wanted.type(),
                wanted.contentId(),
                out.toByteArray());
    }

    private MessageKey key(UserId user, String messageId, String pointer) {
        try {
            var key = MessageKey.parse(messageId);
            messages.structure(user, key);
            return key;
        } catch (ProblemException e) {
            throw gone(pointer);
        }
    }

    private BodyPart part(UserId user, MessageKey key, String partId, String pointer) {
        try {
            return messages.part(user, key, partId);
        } catch (ProblemException e) {
            if (e.problem() != Problem.NOT_FOUND) {
                throw e;
            }
            throw ProblemException.invalid(pointer + "/partId", "The message has no such part.");
        }
    }

    private static String name(@Nullable String given, String otherwise) {
        String clean = FileNames.clean(given);
        return clean == null ? otherwise : clean;
    }

    private static ProblemException gone(String pointer) {
        return ProblemException.invalid(pointer + "/messageId", "There is no such message.");
    }

    private BoundedOctets bounded(int left) {
        return new BoundedOctets(left, tooMany());
    }

    private ProblemException tooLarge() {
        return new ProblemException(Problem.REQUEST_TOO_LARGE, tooMany());
    }

    private String tooMany() {
        return "The attachments of a message may have %,d octets together.".formatted(mostOctets);
    }
}
