package dev.valija.mailbox;

import dev.valija.message.Envelope;
import dev.valija.message.MimeReader;
import dev.valija.message.Unpacked;
import java.util.ArrayList;
import java.util.List;

/** A message that another one holds: one forwarded as it was, one returned, one of a digest. */
record Embedded(String partId, Envelope envelope, Content content, Protection protection) {

    /** Those of which there is the header: each before the ones that it holds itself. */
    static List<Embedded> of(MessageKey key, Unpacked mail) {
        var found = new ArrayList<Embedded>();
        mail.structure()
                .allLeaves()
                .filter(part -> part.isMessage() && !part.children().isEmpty())
                .forEach(part -> {
                    var header = mail.parts().get(part.partId() + ".HEADER");
                    if (header != null) {
                        var root = part.children().getFirst();
                        var content = Content.of(key, root, mail.parts(), url -> null);
                        found.add(new Embedded(
                                part.partId(),
                                MimeReader.envelope(header),
                                content,
                                Protection.of(root, content.text())));
                    }
                });
        return found;
    }
}
