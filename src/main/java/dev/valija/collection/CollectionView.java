package dev.valija.collection;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.ServerView;
import dev.valija.collection.CollectionRequests.AfterStoring;
import dev.valija.collection.MailCollection.Outcome;
import dev.valija.collection.MailCollection.Pass;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What callers are told of a collection. */
record CollectionView(
        String id,
        ServerView server,
        String username,
        String mailboxId,
        AfterStoring afterStoring,
        long intervalMinutes,
        boolean paused,
        String state,

        @Nullable @JsonInclude(JsonInclude.Include.ALWAYS) Progress progress,

        @Nullable @JsonInclude(JsonInclude.Include.ALWAYS) LastRun lastRun,

        @Nullable @JsonInclude(JsonInclude.Include.ALWAYS) Instant nextRunAt) {

    record CollectionList(List<CollectionView> items) {}

    record Progress(int total, int done) {}

    record LastRun(
            Instant at,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            String problem,

            @Nullable @JsonInclude(JsonInclude.Include.ALWAYS)
            String problemAt,

            int collected,
            int deleted,
            int refused) {
        static LastRun of(Outcome outcome, Pass pass) {
            var problem = outcome.problem();
            var at = outcome.at();
            return new LastRun(
                    outcome.when(),
                    problem == null ? null : problem.type(),
                    at == null ? null : at.name().toLowerCase(Locale.ROOT),
                    pass.done(),
                    pass.deleted(),
                    pass.refused());
        }
    }

    static CollectionView of(MailCollection collection, Instant now) {
        var next = collection.nextAt();
        boolean running = collection.running() && next != null && next.isAfter(now);
        var pass = collection.pass();
        var outcome = collection.outcome();
        return new CollectionView(
                Long.toString(collection.key().id()),
                ServerView.of(collection.source().server()),
                collection.source().loginName(),
                collection.target().mailbox().toString(),
                AfterStoring.of(collection.policy().keepDays()),
                collection.policy().interval().toMinutes(),
                collection.policy().paused(),
                collection.rejected() ? "credentials-rejected" : running ? "running" : "idle",
                pass.open() && (running || pass.total() > pass.done())
                        ? new Progress(Math.max(pass.total(), pass.done()), pass.done())
                        : null,
                outcome == null ? null : LastRun.of(outcome, pass),
                running ? null : next);
    }
}
