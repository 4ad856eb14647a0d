package dev.valija.push;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.valija.account.Accesses;
import dev.valija.account.UserId;
import dev.valija.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What changed since a state: the truth of which the events are only news. */
@RestController
class ChangesController {
    private static final int LIMIT = 1000;
    private static final Pattern ACCOUNT = Pattern.compile("[1-9][0-9]{0,17}");

    private final ChangeLog log;
    private final Accesses accesses;

    ChangesController(ChangeLog log, Accesses accesses) {
        this.log = log;
        this.accesses = accesses;
    }

    record Changes(String state, List<Change> changes, boolean reset) {}

    record Change(String seq, String event, @JsonRawValue String data) {}

    @GetMapping("/api/v1/changes")
    Changes list(
            @AuthenticationPrincipal UserId user,
            @RequestParam(required = false) @Nullable String since,
            @RequestParam(required = false) @Nullable String accountId) {
        var account = accountId == null ? null : account(user, accountId);
        if (since == null) {
            return new Changes(Long.toString(log.head(user).last()), List.of(), false);
        }
        var from = Seq.parse("since", since);
        var entries = log.after(user, from, LIMIT);
        var head = log.head(user); // after the rows, see there
        if (!head.reaches(from)) {
            return new Changes(Long.toString(head.last()), List.of(), true);
        }
        var state = entries.isEmpty() ? from : entries.getLast().seq();
        var changes = entries.stream()
                .filter(entry -> account == null || entry.accountId() == account)
                .map(entry -> new Change(Long.toString(entry.seq()), entry.event(), entry.data()))
                .toList();
        return new Changes(Long.toString(state), changes, false);
    }

    private Long account(UserId user, String id) {
        if (!ACCOUNT.matcher(id).matches()) {
            throw ProblemException.notFound("account");
        }
        return accesses.require(user, Long.parseLong(id)).accountId();
    }
}
