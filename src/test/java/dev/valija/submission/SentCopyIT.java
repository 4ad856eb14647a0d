package dev.valija.submission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.DovecotServer;
import dev.valija.support.ImapProxy;
import dev.valija.support.ImapProxy.Fault;
import dev.valija.support.RawImap;
import dev.valija.support.TestUpstream;
import java.time.Duration;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Of each message there is one copy in Sent, though four of five tries to put it there go wrong. {@code -Dcopies=1000}
 * for more than forty.
 */
class SentCopyIT extends OutboxCase {
    private static final int COPIES = Integer.getInteger("copies", 40);
    private static final Pattern MESSAGE_ID = Pattern.compile("(?i)Message-ID: <(\\S+)>");

    private final DovecotServer dovecot = DovecotServer.start();
    private final ImapProxy line = ImapProxy.withFaultyAppends(dovecot.imaps(), 11);
    private final TestUpstream upstream = new TestUpstream("read-timeout", "5s");
    private Outbox outbox;

    /** Many, as each may sign in a few times a minute only when lines break. */
    @Override
    int accounts() {
        return Math.max(1, COPIES / 2);
    }

    @Override
    Duration patience() {
        return Duration.ofMinutes(3 + COPIES / 20);
    }

    @AfterEach
    void stop() {
        if (outbox != null) {
            outbox.stop();
        }
        upstream.close();
        line.close();
        dovecot.close();
    }

    @Test
    void thereIsOneCopyOfEach() throws Exception {
        while (fates().size() < COPIES) {
            write();
        }
        outbox = MortalWorker.outbox(
                database,
                database.dataSource(),
                accounts(),
                upstream.upstream(),
                line.settings(),
                smtp.settings(),
                state -> {});
        outbox.start();
        settle();
        var copies = new TreeMap<String, Integer>();
        for (long account = 1; account <= accounts(); account++) {
            try (var imap = new RawImap(dovecot.imaps(), address(account), DovecotServer.PASSWORD)) {
                imap.run("SELECT Sent");
                for (var one : imap.run("FETCH 1:* BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]")) {
                    var id = MESSAGE_ID.matcher(one);
                    if (id.find()) {
                        copies.merge(id.group(1), 1, Integer::sum);
                    }
                }
            }
        }
        System.out.printf("%d copies, %s%n", copies.size(), line.happened());
        var expected = new TreeMap<String, Integer>();
        fates().forEach((id, fate) -> {
            assertThat(fate.state()).isEqualTo(SubmissionState.DONE);
            assertThat(fate.taken()).isEqualTo(1);
            expected.put(id, 1);
        });
        assertThat(copies).isEqualTo(expected);
        assertThat(line.happened()).containsOnlyKeys(Fault.values());
    }
}
