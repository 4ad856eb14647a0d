package dev.valija.database;

import org.jspecify.annotations.Nullable;

/** Says why the embedded PostgreSQL cannot run, and what the operator can do about it. */
final class EmbeddedPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    EmbeddedPostgresException(String reason, String remedy, @Nullable Throwable cause) {
        super(reason, cause);
        this.remedy = remedy;
    }

    EmbeddedPostgresException(String reason, String remedy) {
        this(reason, remedy, null);
    }

    String remedy() {
        return remedy;
    }
}
