package dev.valija.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** All mail of the demo. */
final class DemoContent {
    private DemoContent() {}

    /** What lies in that user's mailboxes at the start, oldest first. */
    static List<DemoMessage> of(String name, Instant now) {
        var all = new ArrayList<>(DemoScript.read(name + ".txt", now));
        all.addAll(DemoSeries.of(name, now));
        if (name.equals("anna")) {
            all.addAll(DemoOddities.all(now));
        }
        all.sort(Comparator.comparing(DemoMessage::receivedAt));
        return all;
    }

    /** The message that arrives as the {@code number}th, beginning anew after the last. */
    static DemoMessage arrival(int number, Instant now) {
        var all = DemoScript.read("arrivals.txt", now);
        var next = all.get(number % all.size());
        var id = new String(next.content(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replaceFirst("(?m)^Message-ID: <", "Message-ID: <" + now.toEpochMilli() + ".");
        return new DemoMessage(
                next.mailbox(), Set.of(), now, id.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
