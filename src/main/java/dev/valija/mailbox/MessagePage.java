package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of messages, as the API shows it.
 *
 * @param total in all pages together, or null where counting would cost too much
 * @param next the cursor of the next page, or null at the end
 * @param previous the cursor of the page before, or null at the top
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MessagePage(
        List<MessageSummary> items,
        @Nullable Integer total,
        @Nullable String next,
        @Nullable String previous) {}
