package dev.valija.push;

import dev.valija.account.SignedIn;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.CurrentSecurityContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
class EventController {
    private final Streams streams;

    EventController(Streams streams) {
        this.streams = streams;
    }

    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @CurrentSecurityContext(expression = "authentication.details") SignedIn signedIn,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(required = false) @Nullable String since,
            HttpServletResponse response) {
        Long from = null;
        if (lastEventId != null && !lastEventId.isEmpty()) {
            from = Seq.parse("Last-Event-ID", lastEventId); // newer than the address it was first opened with
        } else if (since != null) {
            from = Seq.parse("since", since);
        }
        response.setBufferSize(1024); // Jetty keeps a buffer for each open answer: 10,000 of the usual ones take 280 MB
        response.setHeader("X-Accel-Buffering", "no"); // nginx would hold the events back
        var emitter = new SseEmitter(0L);
        streams.open(signedIn, from, emitter);
        return emitter;
    }
}
