package dev.valija.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.UserId;
import dev.valija.problem.CutShort;
import dev.valija.problem.ProblemException;
import dev.valija.problem.Revision;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class ContactController {
    private static final int MOST = 500;
    private static final int LONGEST_QUERY = 320;

    private final Contacts contacts;

    ContactController(Contacts contacts) {
        this.contacts = contacts;
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Items(List<Contact> items, @Nullable String next) {}

    @GetMapping("/contacts")
    Items list(
            @AuthenticationPrincipal UserId user,
            @RequestParam(name = "list", defaultValue = "suggested") String which,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var list = ContactList.parse(which);
        if (q.length() > LONGEST_QUERY || q.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("q", "must be one line of at most %d characters".formatted(LONGEST_QUERY));
        }
        if (limit < 1 || limit > MOST) {
            throw ProblemException.invalid("limit", "must be from 1 to %d".formatted(MOST));
        }
        var from = cursor == null ? ContactCursor.start(list) : ContactCursor.parse(list, cursor);
        if (list == ContactList.SUGGESTED) {
            return new Items(contacts.suggested(user, q, limit), null);
        }
        var page = contacts.page(user, from, q, limit);
        return new Items(page.items(), page.next() == null ? null : page.next().text());
    }

    @PostMapping("/contacts")
    ResponseEntity<Contact> add(@AuthenticationPrincipal UserId user, @Valid @RequestBody ContactRequest request) {
        var made = contacts.add(user, request.entry());
        var contact = contacts.require(made);
        return ResponseEntity.created(made.location()).eTag(contact.etag()).body(contact);
    }

    @GetMapping("/contacts/{contactId}")
    ResponseEntity<Contact> get(@AuthenticationPrincipal UserId user, @PathVariable String contactId) {
        return answer(contacts.require(ContactKey.parse(user, contactId)));
    }

    @PutMapping("/contacts/{contactId}")
    ResponseEntity<Contact> change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String contactId,
            @RequestHeader("If-Match") Revision revision,
            @Valid @RequestBody ContactRequest request) {
        var key = ContactKey.parse(user, contactId);
        contacts.change(key, revision.number(), request.entry());
        return answer(contacts.require(key));
    }

    @DeleteMapping("/contacts/{contactId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String contactId) {
        contacts.remove(ContactKey.parse(user, contactId));
    }

    @PostMapping(
            path = "/contacts/import",
            consumes = {"text/vcard", "text/x-vcard", "text/directory"})
    Contacts.Imported take(@AuthenticationPrincipal UserId user, InputStream file) throws IOException {
        return contacts.add(user, VCardReader.read(file));
    }

    @GetMapping("/contacts.vcf")
    void export(@AuthenticationPrincipal UserId user, HttpServletResponse response) throws IOException {
        response.setContentType("text/vcard;charset=utf-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"contacts.vcf\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            contacts.export(user, some -> {
                for (var contact : some) {
                    response.getOutputStream().write(VCardWriter.card(user, contact));
                }
            });
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                throw new CutShort(e);
            }
            throw e;
        }
    }

    private static ResponseEntity<Contact> answer(Contact contact) {
        return ResponseEntity.ok().eTag(contact.etag()).body(contact);
    }
}
