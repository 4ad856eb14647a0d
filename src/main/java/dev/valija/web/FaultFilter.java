package dev.valija.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers what the filters after it throw in the same way as what controllers throw. */
final class FaultFilter extends OncePerRequestFilter {
    private static final long LEFTOVER = 64 << 20;

    private final HandlerExceptionResolver resolver;

    FaultFilter(HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException e) {
            resolver.resolveException(request, response, null, e);
        }
        if (response.getStatus() >= 400 && !request.isAsyncStarted()) {
            readOn(request);
        }
    }

    /** A client that is still sending when the connection closes never sees the answer. */
    private static void readOn(HttpServletRequest request) {
        try (var body = request.getInputStream()) {
            var buffer = new byte[8192];
            var left = LEFTOVER;
            for (var read = body.read(buffer); read >= 0 && left > 0; read = body.read(buffer)) {
                left -= read;
            }
        } catch (IOException | RuntimeException e) {
            // It has left, or its body was broken or too long: there is nothing more to be had.
            LoggerFactory.getLogger(FaultFilter.class).trace("nothing left to read", e);
        }
    }
}
