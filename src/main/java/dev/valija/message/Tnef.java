package dev.valija.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.hmef.Attachment;
import org.apache.poi.hmef.HMEFMessage;
import org.apache.poi.hmef.attribute.MAPIAttribute;
import org.apache.poi.hmef.attribute.MAPIRtfAttribute;
import org.apache.poi.hmef.attribute.TNEFAttribute;
import org.apache.poi.hmef.attribute.TNEFProperty;
import org.apache.poi.hsmf.datatypes.MAPIProperty;
import org.jspecify.annotations.Nullable;

/**
 * What Outlook puts into winmail.dat (MS-OXTNEF).
 *
 * @param body the text, or null
 * @param files at most 500
 */
record Tnef(@Nullable Body body, List<FileWithin> files) {
    /** Of one attribute; no container is larger than that. */
    private static final int LARGEST = 16 << 20;

    private static final int MOST_FILES = 500;
    private static final int UNICODE = 0x1f;
    private static final int BINARY = 0x102;

    static {
        TNEFAttribute.setMaxRecordLength(LARGEST);
        MAPIAttribute.setMaxRecordLength(LARGEST);
    }

    /** The text. */
    record Body(String text, boolean isPage) {}

    /** A file that was attached. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record FileWithin(
            @Nullable String name,
            @Nullable String type,
            @Nullable String contentId,
            byte[] octets) {}

    /** Takes it apart; null when it cannot be or holds nothing. */
    static @Nullable Tnef read(byte[] octets) {
        try {
            var message = new HMEFMessage(new ByteArrayInputStream(octets));
            var charset = charset(message);
            var files = new ArrayList<FileWithin>();
            for (Attachment attachment : message.getAttachments()) {
                if (files.size() < MOST_FILES) {
                    files.add(file(attachment, charset));
                }
            }
            var body = body(message, charset);
            return body == null && files.isEmpty() ? null : new Tnef(body, List.copyOf(files));
        } catch (IOException | RuntimeException e) {
            return null; // it stays the attachment that it is
        }
    }

    private static FileWithin file(Attachment attachment, Charset charset) {
        String name = text(attachment.getMAPIAttribute(MAPIProperty.ATTACH_LONG_FILENAME), charset);
        name = name == null ? text(attachment.getMAPIAttribute(MAPIProperty.ATTACH_FILENAME), charset) : name;
        name = name == null ? text(attachment.getAttribute(TNEFProperty.ID_ATTACHTITLE), charset) : name;
        String type = text(attachment.getMAPIAttribute(MAPIProperty.ATTACH_MIME_TAG), charset);
        var data = attachment.getAttribute(TNEFProperty.ID_ATTACHDATA);
        // A message within is an object among the properties, as it stands: its reader is Outlook.
        var object = attachment.getMAPIAttribute(MAPIProperty.ATTACH_DATA);
        byte[] content = data != null ? data.getData() : object == null ? new byte[0] : object.getData();
        return new FileWithin(
                FileNames.clean(name),
                type,
                MimeReader.messageId(text(attachment.getMAPIAttribute(MAPIProperty.ATTACH_CONTENT_ID), charset)),
                content);
    }

    private static @Nullable Body body(HMEFMessage message, Charset charset) {
        var html = message.getMessageMAPIAttribute(MAPIProperty.BODY_HTML);
        if (html != null && html.getData().length > 0) {
            String text = html.getType() == BINARY ? Charsets.decode(html.getData(), null) : text(html, charset);
            return text == null ? null : new Body(text, true);
        }
        if (message.getMessageMAPIAttribute(MAPIProperty.RTF_COMPRESSED) instanceof MAPIRtfAttribute rtf) {
            var text = RtfText.of(RtfText.characters(rtf.getData()));
            if (!text.text().isEmpty()) {
                return new Body(text.text(), text.isPage());
            }
        }
        String plain = text(message.getMessageMAPIAttribute(MAPIProperty.BODY), charset);
        plain = plain == null ? text(message.getMessageAttribute(TNEFProperty.ID_BODY), charset) : plain;
        return plain == null || plain.isBlank() ? null : new Body(plain, false);
    }

    private static @Nullable String text(@Nullable MAPIAttribute attribute, Charset charset) {
        if (attribute == null) {
            return null;
        }
        boolean unicode = (attribute.getType() & 0xffff) == UNICODE;
        return ended(new String(attribute.getData(), unicode ? StandardCharsets.UTF_16LE : charset));
    }

    private static @Nullable String text(@Nullable TNEFAttribute attribute, Charset charset) {
        return attribute == null ? null : ended(new String(attribute.getData(), charset));
    }

    private static @Nullable String ended(String text) {
        int end = text.indexOf('\0');
        String one = end < 0 ? text : text.substring(0, end);
        return one.isEmpty() ? null : one;
    }

    /** MS-OXTNEF 2.1.3.3.2: the code page of what is not Unicode. */
    private static Charset charset(HMEFMessage message) {
        var page = message.getMessageAttribute(TNEFProperty.ID_OEMCODEPAGE);
        byte[] data = page == null ? new byte[0] : page.getData();
        int number = data.length < 2 ? 0 : (data[0] & 0xff) | ((data[1] & 0xff) << 8);
        Charset known = Charsets.find("windows-" + number);
        known = known == null ? Charsets.find("cp" + number) : known;
        return known == null ? Charset.forName("windows-1252") : known;
    }
}
