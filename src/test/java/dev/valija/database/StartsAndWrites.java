package dev.valija.database;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A JVM of its own that starts the database, commits one row, says so, and waits to be killed. */
final class StartsAndWrites {

    private StartsAndWrites() {}

    static Process in(Path home) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), StartsAndWrites.class.getName(), "" + home)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @SuppressWarnings("resource") // dies with the process, which is the point
    public static void main(String[] arguments) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]));
        EmbeddedPostgresTests.execute(postgres, "create table written_before_death as select 1 as one");
        System.out.println("written");
        System.out.flush();
        Thread.sleep(Duration.ofMinutes(5));
    }
}
