package dev.valija.upload;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What other modules see of this one, put together by hand. */
public final class TestUploads {

    public static UploadHolds holds(JdbcClient jdbc) {
        return new UploadHolds(new UploadRows(jdbc), new HoldRows(jdbc));
    }

    private TestUploads() {}
}
