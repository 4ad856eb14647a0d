package dev.valija.mailbox;

import org.springframework.jdbc.core.simple.JdbcClient;

/** For tests of modules that learn from mail. */
public final class TestCorrespondence {
    /** What the index of that database holds. */
    public static Correspondence of(JdbcClient jdbc) {
        return new Correspondence(jdbc);
    }

    private TestCorrespondence() {}
}
