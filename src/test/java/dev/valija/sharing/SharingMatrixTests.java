package dev.valija.sharing;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.valija.account.AccessRole;
import dev.valija.support.Api;
import dev.valija.support.Api.Visitor;
import dev.valija.support.ApiTest;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.upstream.RemoteMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.yaml.snakeyaml.Yaml;

/**
 * Every operation of openapi.yaml, asked for by everybody that something is shared with, and by a stranger: who may not
 * is refused, changes nothing and reads no octet. An operation that is not in the table fails: say who may do it.
 */
@ApiTest
class SharingMatrixTests {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");
    private static final String SECRET = "Marzipan";

    /** Of the user alone, whoever shares what: no id of an account, a mailbox or a message of another is in it. */
    private static final Set<String> OF_ONESELF = Set.of(
            "GET /instance",
            "GET /session",
            "POST /session",
            "DELETE /session",
            "GET /tokens",
            "POST /tokens",
            "DELETE /tokens/{tokenId}",
            "GET /accounts",
            "POST /accounts",
            "GET /collections",
            "POST /collections",
            "GET /collections/{collectionId}",
            "PATCH /collections/{collectionId}",
            "DELETE /collections/{collectionId}",
            "POST /collections/{collectionId}/run",
            "DELETE /follow-ups/{followUpId}",
            "GET /shares",
            "PATCH /shares/{shareId}",
            "DELETE /shares/{shareId}",
            "GET /image-senders",
            "POST /image-senders",
            "DELETE /image-senders/{senderId}",
            "GET /search",
            "GET /images/{messageId}/{token}",
            "GET /drafts",
            "POST /drafts",
            "GET /drafts/{draftId}",
            "PUT /drafts/{draftId}",
            "DELETE /drafts/{draftId}",
            "OPTIONS /uploads",
            "POST /uploads",
            "GET /uploads/{uploadId}",
            "HEAD /uploads/{uploadId}",
            "PATCH /uploads/{uploadId}",
            "DELETE /uploads/{uploadId}",
            "GET /uploads/{uploadId}/content",
            "GET /templates",
            "POST /templates",
            "GET /templates/{templateId}",
            "PUT /templates/{templateId}",
            "DELETE /templates/{templateId}",
            "GET /submissions",
            "POST /submissions",
            "GET /submissions/{submissionId}",
            "DELETE /submissions/{submissionId}",
            "GET /contacts",
            "POST /contacts",
            "GET /contacts/{contactId}",
            "PUT /contacts/{contactId}",
            "DELETE /contacts/{contactId}",
            "POST /contacts/import",
            "GET /contacts.vcf",
            "GET /changes",
            "GET /events");

    /**
     * What it takes.
     *
     * @param everywhere of all mailboxes
     */
    private record Needed(AccessRole role, boolean everywhere) {}

    private static final Needed OWNER = new Needed(AccessRole.OWNER, true);
    private static final Needed READ = new Needed(AccessRole.READ, false);
    private static final Needed TRIAGE = new Needed(AccessRole.TRIAGE, false);
    private static final Needed SEND = new Needed(AccessRole.SEND, false);
    private static final Needed MANAGE = new Needed(AccessRole.FULL, true);

    private static final Map<String, Needed> NEEDED = Map.ofEntries(
            entry("PATCH /accounts/{accountId}", OWNER),
            entry("DELETE /accounts/{accountId}", OWNER),
            entry("GET /accounts/{accountId}/identities", SEND),
            entry("POST /accounts/{accountId}/identities", OWNER),
            entry("PATCH /accounts/{accountId}/identities/{identityId}", OWNER),
            entry("DELETE /accounts/{accountId}/identities/{identityId}", OWNER),
            entry("GET /accounts/{accountId}/mailboxes", READ),
            entry("POST /accounts/{accountId}/mailboxes", MANAGE),
            entry("PATCH /mailboxes/{mailboxId}", MANAGE),
            entry("DELETE /mailboxes/{mailboxId}", MANAGE),
            entry("GET /mailboxes/{mailboxId}/messages", READ),
            entry("PATCH /messages", TRIAGE),
            entry("DELETE /messages", TRIAGE),
            entry("POST /messages/copy", TRIAGE),
            entry("POST /messages/snooze", OWNER),
            entry("DELETE /messages/snooze", OWNER),
            entry("GET /accounts/{accountId}/shares", OWNER),
            entry("POST /accounts/{accountId}/shares", OWNER),
            entry("PATCH /accounts/{accountId}/shares/{shareId}", OWNER),
            entry("DELETE /accounts/{accountId}/shares/{shareId}", OWNER),
            entry("GET /accounts/{accountId}/log", OWNER),
            entry("GET /messages/{messageId}/comments", READ),
            entry("POST /messages/{messageId}/comments", READ),
            entry("DELETE /messages/{messageId}/comments/{commentId}", READ),
            entry("PUT /messages/{messageId}/presence", READ),
            entry("GET /accounts/{accountId}/follow-ups", OWNER),
            entry("POST /follow-ups", OWNER),
            entry("GET /mailboxes/{mailboxId}/retention", OWNER),
            entry("GET /accounts/{accountId}/snoozes", OWNER),
            entry("GET /accounts/{accountId}/retention", OWNER),
            entry("GET /accounts/{accountId}/departures", OWNER),
            entry("GET /accounts/{accountId}/departed", OWNER),
            entry("POST /departed/return", OWNER),
            entry("PUT /mailboxes/{mailboxId}/retention", OWNER),
            entry("DELETE /mailboxes/{mailboxId}/retention", OWNER),
            entry("POST /mailboxes/{mailboxId}/retention/preview", OWNER),
            entry("GET /messages/{messageId}", READ),
            entry("GET /messages/{messageId}/html", READ),
            entry("POST /messages/{messageId}/unsubscribe", SEND),
            entry("GET /messages/{messageId}/parts/{partId}/html", READ),
            entry("PUT /messages/{messageId}/draft", OWNER),
            entry("GET /messages/{messageId}/raw", READ),
            entry("GET /messages/{messageId}/attachments", READ),
            entry("GET /messages/{messageId}/parts/{partId}", READ),
            entry("HEAD /messages/{messageId}/parts/{partId}", READ),
            entry("GET /messages/{messageId}/attachments.zip", READ),
            entry("GET /messages/{messageId}/invitation", READ),
            entry("POST /messages/{messageId}/invitation/reply", OWNER),
            entry("GET /messages/{messageId}/receipt", OWNER),
            entry("PUT /messages/{messageId}/receipt", OWNER),
            entry("POST /messages/{messageId}/redirect", READ),
            entry("GET /threads/{threadId}", READ),
            entry("POST /threads/{threadId}/split", new Needed(AccessRole.TRIAGE, true)),
            entry("POST /threads/{threadId}/join", new Needed(AccessRole.TRIAGE, true)));

    /** What the message has not, whoever asks. */
    private static final Set<String> NOT_THERE = Set.of(
            "GET /messages/{messageId}/parts/{partId}/html",
            "GET /messages/{messageId}/invitation",
            "GET /messages/{messageId}/attachments.zip");

    @Autowired
    Api api;

    /** Somebody, and what they may do. */
    private record Guest(
            String name, Visitor visitor, @Nullable AccessRole role, boolean everywhere) {
        boolean may(Needed needed, boolean inShared) {
            return role != null
                    && role.compareTo(needed.role()) >= 0
                    && (everywhere || (inShared && !needed.everywhere()));
        }
    }

    private record Target(String account, String mailbox, String message, String thread) {}

    @Test
    void whoMayDoWhatIsSaidOfEveryOperation() throws IOException {
        assertThat(Stream.concat(OF_ONESELF.stream(), NEEDED.keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(operations());
    }

    @Test
    void whoMayNotIsRefusedAndReadsNothing() throws Exception {
        var anna = new SharingCase(api, "matrix-anna", mail(SECRET));
        anna.store.holds("Archive", mail("Old " + SECRET));
        var inbox = target(anna, "INBOX", SECRET);
        var archive = target(anna, "Archive", "Old " + SECRET);
        var guests = guests(anna, inbox.mailbox());
        anna.owner.get("/messages/" + inbox.message() + "/receipt").andExpect(status().isOk());
        var before = anna.owner.get("/accounts/" + anna.account + "/shares").andReturn();
        int refused = 0;
        for (var operation : new TreeSet<>(NEEDED.keySet())) {
            for (var guest : guests) {
                for (var target : List.of(inbox, archive)) {
                    boolean may = guest.may(need(operation), target == inbox || operation.contains("{accountId}"));
                    boolean reads = operation.startsWith("GET") && !NOT_THERE.contains(operation);
                    if (may && !reads) {
                        continue; // it would change what the next ones look at; the roles' tests do that
                    }
                    var answer = ask(guest.visitor(), operation, target);
                    var what = operation + " by " + guest.name() + " of " + target.mailbox();
                    if (may) {
                        assertThat(answer.getStatus()).as(what).isEqualTo(200);
                    } else {
                        refused++;
                        assertRefused(what, answer);
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(400);
        assertThat(Stream.of("INBOX", "Archive").flatMap(name -> anna.store.messages(name).stream()))
                .hasSize(2)
                .allMatch(message -> message.keywords().isEmpty())
                .extracting(RemoteMessage::id)
                .doesNotContainNull();
        assertThat(anna.owner
                        .get("/accounts/" + anna.account + "/shares")
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .isEqualTo(before.getResponse().getContentAsString());
    }

    /** One that asks for all that can be answered by its owner alone. */
    private static Mail mail(String subject) {
        return Mails.plain(subject, SECRET)
                .header("To", "matrix-anna@example.org")
                .header("Disposition-Notification-To", "Anna <anna@example.org>");
    }

    private List<Guest> guests(SharingCase anna, String inbox) throws Exception {
        var guests = new ArrayList<Guest>();
        guests.add(new Guest("stranger", anna.other("matrix-stranger"), null, false));
        for (var role : List.of(AccessRole.READ, AccessRole.TRIAGE, AccessRole.SEND, AccessRole.FULL)) {
            var text = role.name().toLowerCase(Locale.ROOT);
            guests.add(new Guest(text, anna.member("matrix-" + text, text, null), role, true));
            guests.add(new Guest(text + " in INBOX", anna.member("matrix-inbox-" + text, text, inbox), role, false));
        }
        return guests;
    }

    private Target target(SharingCase anna, String mailbox, String subject) {
        var message = anna.message(mailbox, subject);
        var thread =
                api.json(anna.owner.get("/messages/" + message)).at("/threadId").asString();
        return new Target(anna.account, anna.mailbox(mailbox), message, thread);
    }

    private static Needed need(String operation) {
        var needed = NEEDED.get(operation);
        assertThat(needed).as(operation).isNotNull();
        return needed;
    }

    private static void assertRefused(String what, MockHttpServletResponse answer) throws Exception {
        var body = answer.getContentAsString(StandardCharsets.UTF_8);
        if (answer.getStatus() == 200 && body.startsWith("{\"changed\"")) {
            assertThat(body).as(what).startsWith("{\"changed\":0").containsAnyOf("/not-found", "/forbidden");
        } else {
            assertThat(answer.getStatus()).as(what + ": " + body).isIn(403, 404);
        }
        assertThat(body).as(what).doesNotContain(SECRET);
    }

    private MockHttpServletResponse ask(Visitor visitor, String operation, Target target) {
        var parts = operation.split(" ", 2);
        var path = parts[1].replace("{accountId}", target.account())
                .replace("{mailboxId}", target.mailbox())
                .replace("{messageId}", target.message())
                .replace("{threadId}", target.thread())
                .replace("{partId}", "1")
                .replace("{shareId}", target.account() + "-1")
                .replaceAll("\\{[a-zA-Z]+}", "1");
        var request = MockMvcRequestBuilders.request(HttpMethod.valueOf(parts[0]), "/api/v1" + path);
        var body = body(operation, target);
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).content(body.replace("{self}", addressOf(visitor)));
        }
        request.header("Idempotency-Key", "matrix-key-for-nothing");
        return visitor.send(request).andReturn().getResponse();
    }

    private String addressOf(Visitor visitor) {
        return api.json(visitor.get("/session")).at("/user/address").asString();
    }

    /** One that would do, were it allowed. */
    private static @Nullable String body(String operation, Target target) {
        var ids = "{\"ids\": [\"" + target.message() + "\"]";
        return switch (operation) {
            case "PATCH /accounts/{accountId}" -> "{\"name\": \"Mine\"}";
            case "POST /accounts/{accountId}/identities" -> "{\"email\": \"x@example.org\"}";
            case "PATCH /accounts/{accountId}/identities/{identityId}" -> "{\"name\": \"Mine\"}";
            case "POST /accounts/{accountId}/mailboxes" -> "{\"name\": \"Mine\"}";
            case "PATCH /mailboxes/{mailboxId}" -> "{\"subscribed\": false}";
            case "PATCH /messages" -> ids + ", \"keywords\": {\"$flagged\": true}}";
            case "DELETE /messages", "DELETE /messages/snooze", "POST /departed/return" -> ids + "}";
            case "POST /messages/copy" -> ids + ", \"mailboxId\": \"" + target.mailbox() + "\"}";
            case "POST /messages/snooze" -> ids + ", \"until\": \"2026-12-31T12:00:00Z\"}";
            case "POST /accounts/{accountId}/shares" -> "{\"address\": \"x@example.org\", \"role\": \"full\"}";
            case "PATCH /accounts/{accountId}/shares/{shareId}" -> "{\"role\": \"full\"}";
            case "POST /messages/{messageId}/comments" -> "{\"text\": \"Hello\"}";
            case "PUT /messages/{messageId}/presence" -> "{\"doing\": \"reading\"}";
            case "POST /follow-ups" ->
                "{\"messageId\": \"" + target.message() + "\", \"remindAt\": \"2027-06-01T12:00:00Z\"}";
            case "PUT /mailboxes/{mailboxId}/retention", "POST /mailboxes/{mailboxId}/retention/preview" ->
                "{\"afterDays\": 90, \"keepFlagged\": true}";
            case "POST /messages/{messageId}/invitation/reply" -> "{\"status\": \"accepted\"}";
            case "PUT /messages/{messageId}/receipt" -> "{\"state\": \"refused\"}";
            case "POST /messages/{messageId}/redirect" ->
                "{\"from\": {\"name\": null, \"email\": \"{self}\"},"
                        + " \"to\": [{\"name\": null, \"email\": \"x@example.org\"}]}";
            case "POST /threads/{threadId}/split" -> ids + "}";
            case "POST /threads/{threadId}/join" -> "{\"threadId\": \"" + target.thread() + "\"}";
            default -> null;
        };
    }

    private static Set<String> operations() throws IOException {
        var operations = new TreeSet<String>();
        Map<String, Map<String, Map<String, ?>>> contract = new Yaml().load(Files.readString(Path.of("openapi.yaml")));
        contract.get("paths")
                .forEach((path, item) -> item.keySet().stream()
                        .filter(METHODS::contains)
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path)
                        .forEach(operations::add));
        return operations;
    }
}
