package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.UserId;
import dev.valija.mailbox.query.QueryParser;
import dev.valija.mailbox.query.QuerySyntaxException;
import dev.valija.mailbox.query.Term;
import dev.valija.problem.CutShort;
import dev.valija.problem.ProblemException;
import dev.valija.upstream.Interruption;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Search, as a page or as a stream of lines. */
@RestController
class SearchController {
    private static final MediaType LINES = MediaType.APPLICATION_NDJSON;
    private static final int LONGEST_QUERY = 1_000;
    private static final Duration HEARTBEAT = Duration.ofMillis(300);

    private final MessageSearch search;
    private final JsonMapper json;

    SearchController(MessageSearch search, JsonMapper json) {
        this.search = search;
        this.json = json;
    }

    /** A page of hits. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SearchPage(
            List<MessageSummary> items,
            @Nullable Integer total,
            @Nullable String next,
            boolean complete,
            List<SearchGap> gaps) {}

    /** One line of the stream; exactly one is not null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            @Nullable MessageSummary hit,
            @Nullable Progress progress,
            @Nullable Done done) {}

    record Progress(int searched, int total) {}

    record Done(int hits, boolean complete, List<SearchGap> gaps) {}

    @GetMapping("/api/v1/search")
    @Nullable
    ResponseEntity<SearchPage> search(
            @AuthenticationPrincipal UserId user,
            @RequestParam String q,
            @RequestParam(required = false) @Nullable String accountId,
            @RequestParam(required = false) @Nullable String mailboxId,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "*/*") String accept,
            HttpServletResponse response)
            throws IOException {
        int most = ListQuery.limit(limit);
        var query = parse(q);
        var scope = search.scope(user, account(accountId), mailboxId == null ? null : MailboxKey.parse(mailboxId));
        if (wantsLines(accept)) {
            stream(scope, query, most, response);
            return null;
        }
        var list = "search/" + q + "/" + accountId + "/" + mailboxId;
        var after = after(cursor, list);
        var page = search.page(scope, query, after, most);
        var items = page.rows().stream().map(MessageRow::summary).toList();
        var next = page.next();
        // Counting would mean to find them all.
        var total = after == null && next == null && page.gaps().isEmpty() ? items.size() : null;
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(new SearchPage(
                        items,
                        total,
                        next == null ? null : next.cursor(list),
                        page.gaps().isEmpty(),
                        page.gaps()));
    }

    private void stream(SearchScope scope, Term query, int limit, HttpServletResponse response) throws IOException {
        response.setContentType(LINES.toString());
        response.setHeader("X-Accel-Buffering", "no"); // or a proxy before us holds the hits back
        var interruption = new Interruption();
        var lines = new Lines(response.getOutputStream(), interruption);
        // Only by writing is it found out that nobody reads any more; then the provider need not look any further.
        var heart = new Ticking(HEARTBEAT, lines::beat);
        try {
            var outcome = search.stream(scope, query, limit, interruption, lines);
            lines.write(new Line(null, null, new Done(lines.hits, outcome.complete(), outcome.gaps())));
        } catch (Download.ReaderGone e) {
            // The search has stopped with that.
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw new CutShort(e);
            }
            throw e;
        } finally {
            heart.close();
        }
    }

    private final class Lines implements MessageSearch.Listener {
        private final OutputStream out;
        private final Interruption interruption;
        private @Nullable Line progress;
        private int hits;
        private boolean ended;

        Lines(OutputStream out, Interruption interruption) {
            this.out = out;
            this.interruption = interruption;
        }

        @Override
        public synchronized void hits(List<MessageSummary> found) throws IOException {
            write(found.stream().map(hit -> new Line(hit, null, null)).toArray(Line[]::new));
            hits += found.size();
        }

        @Override
        public synchronized void progress(int searched, int total) throws IOException {
            progress = new Line(null, new Progress(searched, total), null);
            write(progress);
        }

        /** Says again how far it is. */
        synchronized void beat() {
            if (progress != null && !ended) {
                try {
                    write(progress);
                } catch (Download.ReaderGone e) {
                    interruption.interrupt();
                }
            }
        }

        synchronized void write(Line... some) throws Download.ReaderGone {
            try {
                for (var line : some) {
                    ended |= line.done() != null;
                    out.write(json.writeValueAsBytes(line));
                    out.write('\n');
                }
                out.flush();
            } catch (IOException e) {
                throw new Download.ReaderGone(e);
            }
        }
    }

    private static Term parse(String q) {
        if (q.length() > LONGEST_QUERY) {
            throw ProblemException.invalid("q", "must have at most " + LONGEST_QUERY + " characters");
        }
        if (q.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw ProblemException.invalid("q", "must not hold line breaks or NUL");
        }
        try {
            return QueryParser.parse(q);
        } catch (QuerySyntaxException e) {
            throw ProblemException.invalid("q", String.valueOf(e.getMessage()), e.offset(), e.length());
        }
    }

    private static @Nullable Long account(@Nullable String accountId) {
        if (accountId == null) {
            return null;
        }
        if (!accountId.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("account");
        }
        return Long.valueOf(accountId);
    }

    private static Position.@Nullable After after(@Nullable String cursor, String list) {
        if (cursor == null) {
            return null;
        }
        return switch (Position.of(cursor, list)) {
            case Position.After after -> after;
            case Position.Offset offset -> throw Position.bad();
            case Position.Before before -> throw Position.bad();
        };
    }

    /** Only who asks for lines by name gets them. */
    private static boolean wantsLines(String accept) {
        try {
            return MediaType.parseMediaTypes(accept).stream()
                    .anyMatch(type -> type.isConcrete() && type.isCompatibleWith(LINES));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
