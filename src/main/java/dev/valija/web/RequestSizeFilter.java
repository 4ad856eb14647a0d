package dev.valija.web;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends requests whose body is too large, announced or not. Only messages to be sent and address books may be really
 * large; uploads are read as they come, and no further than each was announced.
 */
final class RequestSizeFilter extends OncePerRequestFilter {
    private static final long ORDINARY = 2 << 20;
    private static final Set<String> LARGE = Set.of("/api/v1/submissions", "/api/v1/contacts/import");
    private static final String UPLOAD = "/api/v1/uploads/";

    private final long largest;

    RequestSizeFilter(long largest) {
        this.largest = largest;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getRequestURI().startsWith(UPLOAD)) {
            chain.doFilter(request, response);
            return;
        }
        var limit = LARGE.contains(request.getRequestURI()) ? largest : Math.min(ORDINARY, largest);
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        chain.doFilter(request.getContentLengthLong() >= 0 ? request : new Limited(request, limit), response);
    }

    private static ProblemException tooLarge(long limit) {
        return new ProblemException(
                Problem.REQUEST_TOO_LARGE, "A request like this may have %,d octets.".formatted(limit));
    }

    /** A body of unknown length, read up to the limit. */
    private static final class Limited extends HttpServletRequestWrapper {
        private final long limit;

        Limited(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedInput(super.getInputStream(), limit);
        }
    }

    private static final class LimitedInput extends ServletInputStream {
        private final ServletInputStream input;
        private final long limit;
        private long left;

        LimitedInput(ServletInputStream input, long limit) {
            this.input = input;
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            var octet = input.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var read = input.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw tooLarge(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return input.isFinished();
        }

        @Override
        public boolean isReady() {
            return input.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            input.setReadListener(listener);
        }
    }
}
