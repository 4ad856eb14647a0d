package dev.valija.upload;

import dev.valija.account.UserId;
import dev.valija.message.FileNames;
import dev.valija.message.ImageHeader;
import dev.valija.problem.CutShort;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** The tus protocol 1.0.0: the core with Creation, Termination and Expiration. */
@RestController
@RequestMapping("/api/v1/uploads")
class UploadController {
    private static final String RESUMABLE = "Tus-Resumable";
    private static final String OFFSET = "Upload-Offset";

    private final Uploads uploads;
    private final UploadProperties limits;

    UploadController(Uploads uploads, UploadProperties limits) {
        this.uploads = uploads;
        this.limits = limits;
    }

    @RequestMapping(method = RequestMethod.OPTIONS)
    ResponseEntity<Void> options() {
        return ResponseEntity.noContent()
                .header("Tus-Version", TusProblem.VERSION)
                .header("Tus-Extension", "creation,termination,expiration")
                .header("Tus-Max-Size", Long.toString(limits.uploadBytes()))
                .build();
    }

    @PostMapping
    ResponseEntity<Upload> create(
            @AuthenticationPrincipal UserId user,
            @RequestHeader(name = RESUMABLE, required = false) @Nullable String version,
            @RequestHeader(name = "Upload-Length", required = false) @Nullable String length,
            @RequestHeader(name = "Upload-Metadata", required = false) @Nullable String metadata) {
        check(version);
        var key = uploads.create(user, NewUpload.of(length, metadata));
        var upload = uploads.require(key);
        return ResponseEntity.created(key.location()).headers(fields(upload)).body(upload);
    }

    /** A HEAD is answered by it too. */
    @GetMapping("/{uploadId}")
    ResponseEntity<Upload> get(@AuthenticationPrincipal UserId user, @PathVariable String uploadId, HttpMethod method) {
        var upload = uploads.require(UploadKey.parse(user, uploadId));
        return ResponseEntity.ok()
                .headers(fields(upload))
                .header("Upload-Length", Long.toString(upload.length()))
                .cacheControl(CacheControl.noStore())
                .body(method.equals(HttpMethod.HEAD) ? null : upload);
    }

    /** What it is sent as, its octets decide: whoever made the draft may have had it from a stranger. */
    @GetMapping("/{uploadId}/content")
    void content(@AuthenticationPrincipal UserId user, @PathVariable String uploadId, HttpServletResponse response)
            throws IOException {
        var key = UploadKey.parse(user, uploadId);
        var upload = uploads.require(key);
        if (!upload.finished()) {
            throw new ProblemException(Problem.CONFLICT, "Not all of it is here yet.");
        }
        var image = ImageHeader.read(uploads.beginning(key)).filter(header -> !header.isVast());
        response.setContentType(image.map(ImageHeader::type).orElse(MediaType.APPLICATION_OCTET_STREAM_VALUE));
        response.setContentLengthLong(upload.length());
        var name = Objects.requireNonNullElse(FileNames.clean(upload.name()), "attachment");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(name, StandardCharsets.UTF_8)
                        .build()
                        .toString());
        try {
            uploads.write(key, response.getOutputStream());
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw new CutShort(e);
            }
            throw e;
        }
    }

    @PatchMapping(path = "/{uploadId}", consumes = "application/offset+octet-stream")
    ResponseEntity<Void> append(
            @AuthenticationPrincipal UserId user,
            @PathVariable String uploadId,
            @RequestHeader(name = RESUMABLE, required = false) @Nullable String version,
            @RequestHeader(name = OFFSET, required = false) @Nullable String offset,
            HttpServletRequest request) {
        check(version);
        if (offset == null || !offset.matches("[0-9]{1,15}")) {
            throw ProblemException.invalid(OFFSET, "must say where the octets belong");
        }
        var key = UploadKey.parse(user, uploadId);
        try {
            uploads.append(key, Long.parseLong(offset), request.getContentLengthLong(), request.getInputStream());
        } catch (IOException e) {
            // The sender is gone, so this is heard by nobody; it tells the log that nothing of ours failed.
            throw ProblemException.invalid("", "The body broke off. What came is kept.");
        }
        return ResponseEntity.noContent().headers(fields(uploads.require(key))).build();
    }

    @DeleteMapping("/{uploadId}")
    ResponseEntity<Void> delete(
            @AuthenticationPrincipal UserId user,
            @PathVariable String uploadId,
            @RequestHeader(name = RESUMABLE, required = false) @Nullable String version) {
        check(version);
        uploads.delete(UploadKey.parse(user, uploadId));
        return ResponseEntity.status(HttpStatus.NO_CONTENT)
                .header(RESUMABLE, TusProblem.VERSION)
                .build();
    }

    private static void check(@Nullable String version) {
        if (!TusProblem.VERSION.equals(version)) {
            throw TusProblem.otherVersion();
        }
    }

    private static HttpHeaders fields(Upload upload) {
        var fields = new HttpHeaders();
        fields.set(RESUMABLE, TusProblem.VERSION);
        fields.set(OFFSET, Long.toString(upload.offset()));
        fields.set(
                "Upload-Expires",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(upload.expiresAt().atOffset(ZoneOffset.UTC)));
        return fields;
    }
}
