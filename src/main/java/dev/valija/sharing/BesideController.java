package dev.valija.sharing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.account.UserId;
import dev.valija.mailbox.MessageKey;
import dev.valija.problem.ProblemException;
import dev.valija.sharing.Comments.Comment;
import dev.valija.sharing.Presences.Person;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is said and who is there beside a shared message. */
@RestController
@RequestMapping("/api/v1/messages/{messageId}")
class BesideController {
    private final Comments comments;
    private final Presences presences;

    BesideController(Comments comments, Presences presences) {
        this.comments = comments;
        this.presences = presences;
    }

    record NewComment(
            @NotNull @Size(min = 1, max = 5_000) @Pattern(regexp = "[^\\x00]*")
            String text) {}

    record Doing(
            @NotNull @Pattern(regexp = "reading|replying|nothing", message = "must be reading, replying or nothing")
            String doing) {}

    record People(List<Person> people) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CommentView(String id, String messageId, String author, boolean mine, String text, Instant writtenAt) {
        static CommentView of(MessageKey key, Comment comment) {
            return new CommentView(
                    Long.toString(comment.id()),
                    key.toString(),
                    comment.author(),
                    comment.mine(),
                    comment.text(),
                    comment.writtenAt());
        }
    }

    @GetMapping("/comments")
    ShareViews.Items<CommentView> list(@AuthenticationPrincipal UserId user, @PathVariable String messageId) {
        var key = MessageKey.parse(messageId);
        return new ShareViews.Items<>(comments.of(user, key).stream()
                .map(comment -> CommentView.of(key, comment))
                .toList());
    }

    @PostMapping("/comments")
    @ResponseStatus(HttpStatus.CREATED)
    CommentView add(
            @AuthenticationPrincipal UserId user,
            @PathVariable String messageId,
            @Valid @RequestBody NewComment comment) {
        var key = MessageKey.parse(messageId);
        return CommentView.of(key, comments.add(user, key, comment.text()));
    }

    @DeleteMapping("/comments/{commentId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String messageId, @PathVariable String commentId) {
        if (!commentId.matches("[1-9][0-9]{0,17}")) {
            throw ProblemException.notFound("comment");
        }
        comments.remove(user, MessageKey.parse(messageId), Long.parseLong(commentId));
    }

    @PutMapping("/presence")
    People tell(@AuthenticationPrincipal UserId user, @PathVariable String messageId, @Valid @RequestBody Doing doing) {
        return new People(presences.tell(user, MessageKey.parse(messageId), doing.doing()));
    }
}
