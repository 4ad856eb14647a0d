package dev.valija.upload;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import dev.valija.support.Api.Visitor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.springframework.test.web.servlet.ResultActions;

/** Somebody who uploads by tus. */
record TusClient(Visitor visitor) {
    private static final String BASE = "/api/v1/uploads";

    /** Octets that are like no others, the same at each run. */
    static byte[] octets(int length, long seed) {
        var octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    ResultActions create(long length, Map<String, String> metadata) {
        var pairs = metadata.entrySet().stream()
                .map(entry -> entry.getKey() + " "
                        + Base64.getEncoder().encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(","));
        var request = post(BASE).header("Tus-Resumable", "1.0.0").header("Upload-Length", length);
        return visitor.send(pairs.isEmpty() ? request : request.header("Upload-Metadata", pairs));
    }

    /** Begins one and gives its id. */
    String begin(long length) {
        var location = create(length, Map.of("filename", "plan.pdf", "filetype", "application/pdf"))
                .andReturn()
                .getResponse()
                .getHeader("Location");
        return location.substring(BASE.length() + 1);
    }

    ResultActions append(String id, long offset, byte[] octets) {
        return visitor.send(patch(BASE + "/" + id)
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Offset", offset)
                .contentType("application/offset+octet-stream")
                .content(octets));
    }

    /** Brings all of a file and gives its id. */
    String upload(byte[] octets) {
        var id = begin(octets.length);
        int piece = 300_000;
        for (int at = 0; at < octets.length; at += piece) {
            append(id, at, Arrays.copyOfRange(octets, at, Math.min(octets.length, at + piece)));
        }
        return id;
    }

    ResultActions ask(String id) {
        return visitor.send(head(BASE + "/" + id).header("Tus-Resumable", "1.0.0"));
    }

    long offset(String id) {
        return Long.parseLong(ask(id).andReturn().getResponse().getHeader("Upload-Offset"));
    }

    ResultActions remove(String id) {
        return visitor.send(delete(BASE + "/" + id).header("Tus-Resumable", "1.0.0"));
    }
}
