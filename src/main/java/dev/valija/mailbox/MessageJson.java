package dev.valija.mailbox;

import dev.valija.message.Address;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON columns of a message's row: written by hand, since there are millions of them and short is fast. */
final class MessageJson {
    /** A list that a reader never sees the end of is cut; the message itself has it all. */
    private static final int MOST_ADDRESSES = 500;

    private static final int MOST_REFERENCES = 200;
    private static final int MOST_PARTS = 1000;

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** The addresses and references of an envelope; the rest of it has columns. */
    static String write(Envelope envelope) {
        var text = new StringWriter(400);
        try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            addresses(json, "from", envelope.from());
            addresses(json, "sender", envelope.sender());
            addresses(json, "replyTo", envelope.replyTo());
            addresses(json, "to", envelope.to());
            addresses(json, "cc", envelope.cc());
            addresses(json, "bcc", envelope.bcc());
            ids(json, "inReplyTo", envelope.inReplyTo());
            ids(json, "references", envelope.references());
            json.writeEndObject();
        }
        return text.toString();
    }

    /** The envelope of a row, from its columns. */
    static Envelope envelope(
            @Nullable String messageId, String subject, @Nullable Instant sentAt, String envelopeColumn) {
        var json = MAPPER.readTree(envelopeColumn);
        return new Envelope(
                messageId,
                ids(json, "inReplyTo"),
                ids(json, "references"),
                subject,
                addresses(json, "from"),
                addresses(json, "sender"),
                addresses(json, "replyTo"),
                addresses(json, "to"),
                addresses(json, "cc"),
                addresses(json, "bcc"),
                sentAt);
    }

    static String write(BodyPart structure) {
        var text = new StringWriter(400);
        try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            part(json, structure, new int[] {MOST_PARTS});
        }
        return text.toString();
    }

    static BodyPart structure(String structureColumn) {
        return part(MAPPER.readTree(structureColumn));
    }

    private static void addresses(JsonGenerator json, String name, List<Address> addresses) {
        if (addresses.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart(name);
        for (var address : addresses.subList(0, Math.min(addresses.size(), MOST_ADDRESSES))) {
            json.writeStartObject();
            optional(json, "name", address.name());
            json.writeStringProperty("email", Texts.storable(address.email(), 1000));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static List<Address> addresses(JsonNode json, String name) {
        var addresses = new ArrayList<Address>();
        for (var node : json.path(name)) {
            addresses.add(new Address(text(node, "name"), node.path("email").asString("")));
        }
        return addresses;
    }

    private static void ids(JsonGenerator json, String name, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart(name);
        for (var id : ids.subList(Math.max(0, ids.size() - MOST_REFERENCES), ids.size())) {
            json.writeString(Texts.storable(id, 1000));
        }
        json.writeEndArray();
    }

    private static List<String> ids(JsonNode json, String name) {
        var ids = new ArrayList<String>();
        for (var node : json.path(name)) {
            ids.add(node.asString(""));
        }
        return ids;
    }

    private static void part(JsonGenerator json, BodyPart part, int[] left) {
        json.writeStartObject();
        json.writeStringProperty("id", Texts.storable(part.partId(), 200));
        json.writeStringProperty("type", Texts.storable(part.type(), 255));
        optional(json, "charset", part.charset());
        optional(json, "disposition", part.disposition());
        optional(json, "name", part.name());
        optional(json, "cid", part.contentId());
        if (!part.encoding().equals("7bit")) {
            json.writeStringProperty("encoding", Texts.storable(part.encoding(), 100));
        }
        if (part.size() > 0) {
            json.writeNumberProperty("size", part.size());
        }
        if (part.flow() != BodyPart.Flow.FIXED) {
            json.writeStringProperty("flow", part.flow().name());
        }
        if (!part.children().isEmpty()) {
            json.writeArrayPropertyStart("parts");
            for (var child : part.children()) {
                if (left[0]-- > 0) {
                    part(json, child, left);
                }
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static BodyPart part(JsonNode json) {
        var children = new ArrayList<BodyPart>();
        for (var child : json.path("parts")) {
            children.add(part(child));
        }
        return new BodyPart(
                json.path("id").asString(""),
                json.path("type").asString("application/octet-stream"),
                text(json, "charset"),
                text(json, "disposition"),
                text(json, "name"),
                text(json, "cid"),
                json.path("encoding").asString("7bit"),
                json.path("size").asLong(0),
                children,
                flow(json));
    }

    private static BodyPart.Flow flow(JsonNode json) {
        var flow = json.get("flow");
        return flow == null ? BodyPart.Flow.FIXED : BodyPart.Flow.valueOf(flow.asString(""));
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, Texts.storable(value, 1000));
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        var node = json.get(name);
        return node == null ? null : node.asString("");
    }

    private MessageJson() {}
}
