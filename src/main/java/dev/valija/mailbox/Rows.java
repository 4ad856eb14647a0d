package dev.valija.mailbox;

import dev.valija.mailbox.MessageIndex.Written;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.message.Keyword;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Adds rows such that a message whose row cannot be written is there with what can be told of it. */
@Component
class Rows {
    private static final Logger log = LoggerFactory.getLogger(Rows.class);

    private final MessageIndex messages;
    private final TransactionTemplate savepoint;

    Rows(MessageIndex messages, PlatformTransactionManager transactions) {
        this.messages = messages;
        this.savepoint = new TransactionTemplate(transactions);
        this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    List<Written> insert(MailboxKey mailbox, RowBatch batch) {
        var fetched = batch.messages();
        if (fetched.isEmpty()) {
            return List.of();
        }
        try {
            return nested(() -> messages.insert(mailbox, batch));
        } catch (RuntimeException e) {
            if (fetched.size() > 1) {
                // Halving finds the few bad ones in a few statements.
                int half = fetched.size() / 2;
                var rows = new ArrayList<>(insert(mailbox, batch(mailbox, fetched.subList(0, half))));
                rows.addAll(insert(mailbox, batch(mailbox, fetched.subList(half, fetched.size()))));
                return rows;
            }
            return insertOdd(mailbox, fetched.getFirst(), e);
        }
    }

    private List<Written> insertOdd(MailboxKey mailbox, RemoteMessage odd, RuntimeException why) {
        log.warn(
                "a message of mailbox {} gets a bare row: {}",
                mailbox,
                why.getClass().getSimpleName());
        var flat = new RemoteMessage(
                odd.id(), odd.envelope(), odd.receivedAt(), odd.size(), odd.keywords(), bareStructure());
        try {
            return nested(() -> messages.insert(mailbox, batch(mailbox, List.of(flat))));
        } catch (RuntimeException e) {
            return nested(() -> messages.insert(mailbox, batch(mailbox, List.of(bare(odd.id(), odd.keywords())))));
        }
    }

    private static RowBatch batch(MailboxKey mailbox, List<RemoteMessage> messages) {
        return new RowBatch(mailbox.accountId(), messages);
    }

    /** The row of a message of which the provider tells nothing but that it is there. */
    static RemoteMessage bare(RemoteId id, Set<Keyword> keywords) {
        var none = new Envelope(
                null, List.of(), List.of(), "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null);
        return new RemoteMessage(id, none, Instant.EPOCH, 0, keywords, bareStructure());
    }

    private static BodyPart bareStructure() {
        return new BodyPart("1", "text/plain", null, null, null, null, "7bit", 0, List.of());
    }

    private List<Written> nested(Supplier<List<Written>> insertion) {
        var written = savepoint.execute(status -> insertion.get());
        return written == null ? List.of() : written;
    }
}
