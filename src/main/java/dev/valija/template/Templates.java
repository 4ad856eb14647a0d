package dev.valija.template;

import dev.valija.account.UserId;
import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import dev.valija.template.TemplateRequest.Content;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The texts that users keep to write them again; no two of one user are called alike. */
@Service
class Templates {
    static final int MOST = 200;

    private final TemplateRows rows;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    Templates(TemplateRows rows, TransactionTemplate transaction, JsonMapper json) {
        this.rows = rows;
        this.transaction = transaction;
        this.json = json;
    }

    /** By name. */
    List<Template.Summary> list(UserId user) {
        return rows.list(user);
    }

    /** @throws ProblemException not-found */
    Template require(TemplateKey key) {
        var row = rows.find(key).orElseThrow(() -> ProblemException.notFound("template"));
        return Template.of(row.id(), row.name(), json.readValue(row.content(), Content.class), row.revision());
    }

    /** @throws ProblemException already-exists for a name that another has; over-quota; invalid-request */
    TemplateKey add(UserId user, TemplateRequest request) {
        var name = request.cleanName();
        if (rows.count(user) >= MOST) {
            throw new ProblemException(Problem.OVER_QUOTA, "There are %d templates already.".formatted(MOST));
        }
        return rows.insert(user, name, json.writeValueAsString(request.content()))
                .orElseThrow(() -> alreadyThere(user, name));
    }

    /**
     * Changes one that is as the caller knows it; asked again, it changes nothing.
     *
     * @throws ProblemException not-found; conflict when it was changed meanwhile; already-exists for a name that another
     *     has; invalid-request
     */
    void change(TemplateKey key, int revision, TemplateRequest request) {
        var name = request.cleanName();
        var content = json.writeValueAsString(request.content());
        try {
            transaction.executeWithoutResult(status -> {
                var now = rows.lock(key).orElseThrow(() -> ProblemException.notFound("template"));
                if (now.name().equals(name) && now.content().equals(content)) {
                    return;
                }
                if (now.revision() != revision) {
                    throw new ProblemException(Problem.CONFLICT, "It was changed elsewhere meanwhile.");
                }
                rows.update(key, name, content);
            });
        } catch (DuplicateKeyException e) {
            throw alreadyThere(key.user(), name);
        }
    }

    /** @throws ProblemException not-found */
    void remove(TemplateKey key) {
        if (!rows.delete(key)) {
            throw ProblemException.notFound("template");
        }
    }

    private ProblemException alreadyThere(UserId user, String name) {
        return rows.named(user, name)
                .<ProblemException>map(AlreadyThere::new)
                .orElseGet(() -> new ProblemException(Problem.CONFLICT, "Its name was another's a moment ago."));
    }

    /** One of that name is there: the answer says where. */
    private static final class AlreadyThere extends ProblemException {
        private final URI location;

        AlreadyThere(TemplateKey template) {
            super(Problem.ALREADY_EXISTS, "A template has this name already.");
            this.location = template.location();
        }

        @Override
        public Map<String, String> fields() {
            return Map.of("Location", location.toString());
        }
    }
}
