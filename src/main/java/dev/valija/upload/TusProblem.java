package dev.valija.upload;

import dev.valija.problem.Problem;
import dev.valija.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A problem with the header fields that tus has for it. */
final class TusProblem extends ProblemException {
    static final String VERSION = "1.0.0";

    private final Map<String, String> fields = new LinkedHashMap<>(Map.of("Tus-Resumable", VERSION));

    private TusProblem(Problem problem, String detail) {
        super(problem, detail);
    }

    /** tus 1.0.0, PATCH: the upload is somewhere else than the caller thinks, and stays there. */
    static TusProblem wrongOffset(long offset) {
        var problem = new TusProblem(Problem.CONFLICT, "Go on from octet %,d.".formatted(offset));
        problem.fields.put("Upload-Offset", Long.toString(offset));
        return problem;
    }

    /** tus 1.0.0, Tus-Resumable. */
    static TusProblem otherVersion() {
        var problem = new TusProblem(Problem.UNSUPPORTED_VERSION, "Tus-Resumable must be " + VERSION + ".");
        problem.fields.put("Tus-Version", VERSION);
        return problem;
    }

    static TusProblem tooLarge(String detail) {
        return new TusProblem(Problem.REQUEST_TOO_LARGE, detail);
    }

    static TusProblem overQuota(String detail) {
        return new TusProblem(Problem.OVER_QUOTA, detail);
    }

    /** There is none, or it is another user's, or expired. */
    static TusProblem notFound() {
        return new TusProblem(Problem.NOT_FOUND, "There is no such upload.");
    }

    @Override
    public Map<String, String> fields() {
        return fields;
    }
}
