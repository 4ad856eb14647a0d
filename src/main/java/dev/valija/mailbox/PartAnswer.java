package dev.valija.mailbox;

import dev.valija.message.FileType;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Answers a request for a part: all of it as it arrives, or a stretch of what is kept (RFC 9110 14). Of several
 * stretches asked for at once none is given, but all of it, as 14.2 allows.
 */
@Component
class PartAnswer {
    private final Parts parts;
    private final KeptParts kept;

    PartAnswer(Parts parts, KeptParts kept) {
        this.parts = parts;
        this.kept = kept;
    }

    /** Writes the answer, to be saved or shown as {@code heading} says. */
    void write(FoundPart found, Download.Heading heading, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var range = range(found, request);
        boolean stretches = kept.takes(found);
        if (stretches) {
            response.setHeader(HttpHeaders.ETAG, found.tag());
            response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        }
        boolean measured = stretches && (range != null || request.getMethod().equals("HEAD"));
        var there = measured ? Optional.of(kept.fetch(found)) : kept.find(found);
        if (there.isPresent() && request.getMethod().equals("HEAD")) {
            heading.of(there.get().first()).set(response);
            response.setContentLengthLong(there.get().size());
        } else if (there.isPresent()) {
            write(there.get(), range, heading, response);
        } else {
            new Download(response, FileType.OCTETS, heading).run(out -> parts.write(found, out));
        }
    }

    private static void write(
            KeptPart part, @Nullable HttpRange range, Download.Heading heading, HttpServletResponse response)
            throws IOException {
        long from = range == null ? 0 : range.getRangeStart(part.size());
        long end = range == null ? part.size() : range.getRangeEnd(part.size()) + 1;
        if (range != null && (from >= end || from >= part.size())) {
            throw new UnsatisfiableRange(part.size());
        }
        if (range != null) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + (end - 1) + "/" + part.size());
        }
        response.setContentLengthLong(end - from);
        // What it is, is told by how all of it begins, whatever stretch is asked for.
        var head = heading.of(part.first());
        new Download(response, 1, ignored -> head).run(out -> part.write(from, end - from, out));
    }

    /** The one stretch asked for, or null where all of it is to be sent. */
    private static @Nullable HttpRange range(FoundPart found, HttpServletRequest request) {
        var asked = request.getHeader(HttpHeaders.RANGE);
        var condition = request.getHeader(HttpHeaders.IF_RANGE);
        if (asked == null || (condition != null && !condition.equals(found.tag()))) {
            return null;
        }
        try {
            var ranges = HttpRange.parseRanges(asked);
            return ranges.size() == 1 ? ranges.getFirst() : null;
        } catch (IllegalArgumentException e) {
            return null; // RFC 9110 14.2: what is no range is passed over
        }
    }

    private static final class UnsatisfiableRange extends ProblemException {
        private final long size;

        UnsatisfiableRange(long size) {
            super(Problem.RANGE_NOT_SATISFIABLE, "It has " + size + " octets.");
            this.size = size;
        }

        @Override
        public Map<String, String> fields() {
            return Map.of("Content-Range", "bytes */" + size); // RFC 9110 15.5.17
        }
    }
}
