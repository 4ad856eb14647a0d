package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import dev.valija.message.DeliveryReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report of what became of a message, as the API shows it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ReportView(
        String kind,
        @Nullable String reportedBy,
        List<RecipientView> recipients,
        @Nullable Original original) {

    /** What became of it for one of them. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RecipientView(
            String address,
            String outcome,
            @Nullable String status,
            @Nullable String server,
            @Nullable String diagnostic,
            @Nullable Instant retryUntil) {}

    /** The message that was sent. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Original(
            @Nullable String messageId,
            String subject,
            List<Address> to,
            @Nullable Instant sentAt) {}

    static ReportView of(DeliveryReport report) {
        var about = report.original();
        return new ReportView(
                word(report.kind()),
                report.reportedBy(),
                report.recipients().stream()
                        .map(one -> new RecipientView(
                                one.address(),
                                word(one.outcome()),
                                one.status(),
                                one.server(),
                                one.diagnostic(),
                                one.retryUntil()))
                        .toList(),
                about == null ? null : new Original(about.messageId(), about.subject(), about.to(), about.sentAt()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
