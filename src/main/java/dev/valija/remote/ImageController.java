package dev.valija.remote;

import dev.valija.remote.ImageCache.Image;
import dev.valija.remote.ImageCache.Missing;
import java.time.Duration;
import java.util.Base64;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows remote images. Who holds an address that {@link RemoteImages} made may; nobody signs in here. */
@RestController
class ImageController {
    private static final String POLICY = "default-src 'none'; sandbox";

    /** A grey pane, see-through, for browsers to show where there is no image; it takes the size that the mail says. */
    private static final byte[] PLACEHOLDER = Base64.getDecoder()
            .decode(
                    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAYAAADgdz34AAAAJUlEQVR42mNoaGjQoCVmGLVg1IJRC0YtGLVg1IJRC0YtGBoWAADoVbouWdnXIwAAAABJRU5ErkJggg==");

    private final RemoteImages addresses;
    private final ImageCache images;

    ImageController(RemoteImages addresses, ImageCache images) {
        this.addresses = addresses;
        this.images = images;
    }

    @GetMapping(RemoteImages.PATH + "/{messageId}/{token}")
    ResponseEntity<byte[]> image(@PathVariable String messageId, @PathVariable String token) {
        var shown = addresses.open(messageId, token);
        if (shown.isEmpty()) {
            return placeholder(HttpStatus.GONE);
        }
        return switch (images.get(shown.get().user(), shown.get().image())) {
            case Image image ->
                answer(HttpStatus.OK, MediaType.parseMediaType(image.type()), Duration.ofHours(1), image.octets());
            case Missing ignored -> placeholder(HttpStatus.BAD_GATEWAY);
        };
    }

    private static ResponseEntity<byte[]> placeholder(HttpStatus status) {
        return answer(status, MediaType.IMAGE_PNG, Duration.ofMinutes(1), PLACEHOLDER);
    }

    private static ResponseEntity<byte[]> answer(HttpStatus status, MediaType type, Duration kept, byte[] octets) {
        return ResponseEntity.status(status)
                .contentType(type)
                .cacheControl(CacheControl.maxAge(kept).cachePrivate())
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .body(octets);
    }
}
