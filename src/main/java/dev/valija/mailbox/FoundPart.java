package dev.valija.mailbox;

import dev.valija.message.BodyPart;
import dev.valija.message.FileType;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

/** One leaf of a message, to be downloaded or shown. */
record FoundPart(StoredMessage message, BodyPart part) {

    /** What it is saved as. */
    String name() {
        return DownloadNames.of(part);
    }

    /**
     * A strong validator (RFC 9110 8.8.3). What a key names never changes; were the index built anew and the key given
     * to another message, the other one would have another tag.
     */
    String tag() {
        var what = "1 " + message.place() + " " + part.partId() + " " + part.encoding() + " " + part.size();
        var digest = Arrays.copyOf(DigestUtils.sha256(what), 15);
        return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + '"';
    }

    /** Its header when it is to be saved. */
    Download.Head saved(byte[] first) {
        var type = FileType.of(first, name(), part.type()).type();
        return new Download.Head(harmless(type), DownloadNames.disposition("attachment", name()));
    }

    /** Its header when it is to be shown, if it can be without danger; else it is to be saved. */
    Download.Head shown(byte[] first) {
        var type = FileType.of(first, name(), part.type());
        var preview = type.preview();
        if (preview == null) {
            return saved(first);
        }
        var shown = preview == FileType.Preview.TEXT
                ? "text/plain;charset=" + FileType.charset(first, part.charset())
                : type.type();
        return new Download.Head(shown, DownloadNames.disposition("inline", name()));
    }

    /** Not what a browser could be brought to run, in spite of all that goes with it. */
    private static String harmless(String type) {
        boolean active = type.contains("html")
                || type.contains("xml")
                || type.contains("script")
                || type.contains("svg")
                || type.equals("text/css")
                || type.startsWith("multipart/");
        return active ? "application/octet-stream" : type;
    }
}
