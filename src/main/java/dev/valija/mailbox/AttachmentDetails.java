package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.FileNames;
import dev.valija.message.FileType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An attachment with what its octets say of it.
 *
 * @param type what it is; what the mail says where that was not looked at
 * @param preview how it can be shown, or null
 * @param extension what its name ends with, without the dot; empty where it has none
 * @param warnings what the reader should know before it is opened
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AttachmentDetails(
        String partId,
        String name,
        String extension,
        String type,
        @Nullable String preview,
        List<String> warnings) {

    static AttachmentDetails of(FoundPart found, byte @Nullable [] first) {
        var name = found.name();
        var type = first == null
                ? new FileType(found.part().type(), null)
                : FileType.of(first, name, found.part().type());
        var warnings = new ArrayList<String>();
        if (type.isProgram(name)) {
            warnings.add("program");
        }
        if (FileNames.isDisguised(name)) {
            warnings.add("double-extension");
        }
        if (type.contradicts(name)) {
            warnings.add("other-type");
        }
        var preview = type.preview();
        return new AttachmentDetails(
                found.part().partId(),
                name,
                FileNames.extension(name),
                type.type(),
                preview == null ? null : preview.name().toLowerCase(Locale.ROOT),
                warnings);
    }
}
