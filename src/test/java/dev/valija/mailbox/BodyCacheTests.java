package dev.valija.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.account.AccountChanged;
import dev.valija.account.AccountRemoved;
import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.message.BodyPart;
import dev.valija.message.Envelope;
import dev.valija.support.FakeUpstream;
import dev.valija.support.FreshDatabase;
import dev.valija.support.Mails;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class BodyCacheTests {
    private static final JdbcClient JDBC =
            JdbcClient.create(FreshDatabase.migrated().dataSource());
    private static final UserId ANNA = new UserId(1);

    @TempDir
    Path directory;

    private final FakeAccounts accounts = new FakeAccounts(new FakeUpstream());
    private BodyCache cache;

    @BeforeEach
    void start() {
        accounts.add(ANNA, 1, "anna@example.org");
        accounts.add(ANNA, 2, "anna@example.net");
        cache = cache(1 << 20);
        JDBC.sql("delete from message").update();
    }

    @Test
    void whatWasKeptIsThereAfterARestart() {
        keeps(message(1, 5), "Hello, secret words");
        row(5);

        assertThat(text(cache(1 << 20), message(1, 5))).isEqualTo("Hello, secret words");
        var surveyed = cache(1 << 20);
        surveyed.start();
        Mirror.await(() -> surveyed.holds(new MessageKey(1, 5)));
        assertThat(text(surveyed, message(1, 6))).isNull();
    }

    @Test
    void everyPartOfTheSourceComesBack() {
        var leaf = new BodyPart("1.2", "text/html", "utf-8", "inline", "ü.html", "cid@x", "base64", 77, List.of());
        var tree = new BodyPart("", "multipart/mixed", null, null, null, null, "7bit", 0, List.of(leaf));
        var source = new MessageSource(
                new byte[] {0, 1, -1}, tree, Map.of("1.2", new byte[] {-128, 13, 10}, "2", new byte[0]));
        cache.keep(message(1, 5), source);
        Mirror.await(() -> cache.find(message(1, 5)).isPresent());

        var found = cache.find(message(1, 5)).orElseThrow();
        assertThat(found.header()).isEqualTo(source.header());
        assertThat(found.structure()).isEqualTo(tree);
        assertThat(found.parts()).containsOnlyKeys("1.2", "2");
        assertThat(found.parts().get("1.2")).isEqualTo(new byte[] {-128, 13, 10});
    }

    @Test
    void nothingOfAMessageCanBeReadFromTheDiskByOthers() throws IOException {
        keeps(message(1, 5), "Hello, secret words");

        var file = file(1, 5);
        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("secret", "Subject");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (var each = file.getParent(); !each.equals(directory); each = each.getParent()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aFilePutInThePlaceOfAnotherIsRefused() throws IOException {
        keeps(message(1, 5), "five");
        keeps(message(1, 6), "six");
        Files.copy(file(1, 5), file(1, 6), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(text(cache, message(1, 6))).isNull();
        assertThat(file(1, 6)).doesNotExist();
        assertThat(text(cache, message(1, 5))).isEqualTo("five");
    }

    @Test
    void aKeyThatNamesAnotherMessageNowDoesNotOpenTheOld() {
        keeps(message(1, 5), "five");

        assertThat(text(cache, message(1, 5, "<another@example.org>"))).isNull();
    }

    @Test
    void aFileCutShortOrChangedIsAMiss() throws IOException {
        for (int length : new int[] {0, 5, 40}) {
            keeps(message(1, 5), "five");
            Files.write(file(1, 5), java.util.Arrays.copyOf(Files.readAllBytes(file(1, 5)), length));
            assertThat(text(cache, message(1, 5))).as("%s octets", length).isNull();
        }
        keeps(message(1, 5), "five");
        var octets = Files.readAllBytes(file(1, 5));
        octets[20] ^= 1;
        Files.write(file(1, 5), octets);
        assertThat(text(cache, message(1, 5))).isNull();
    }

    @Test
    void withAnotherKeyOfTheAccountNothingOpens() {
        keeps(message(1, 5), "five");
        accounts.changesKey(1);
        cache.changed(new AccountChanged(ANNA, 1));

        assertThat(text(cache, message(1, 5))).isNull();
        keeps(message(1, 5), "again");
        assertThat(text(cache, message(1, 5))).isEqualTo("again");
    }

    @Test
    void anAccountsFilesGoWithIt() {
        keeps(message(1, 5), "five");
        keeps(message(2, 5), "other");
        accounts.remove(1);
        cache.removed(new AccountRemoved(ANNA, 1));

        assertThat(text(cache, message(1, 5))).isNull();
        Mirror.await(() -> !Files.exists(directory.resolve("bodies/1")));
        assertThat(text(cache, message(2, 5))).isEqualTo("other");
    }

    @Test
    void filesOfAnAccountRemovedElsewhereGoAtTheNextStart() {
        keeps(message(1, 5), "five");
        accounts.remove(1);

        cache(1 << 20).start();

        Mirror.await(() -> !Files.exists(directory.resolve("bodies/1")));
    }

    @Test
    void messagesThatAreGoneTakeTheirFilesAlongAndMovedOnesDoNot() {
        keeps(message(1, 5), "gone");
        keeps(message(1, 6), "moved");
        keeps(message(1, 7), "in a mailbox that is deleted");
        row(6);
        row(7);

        cache.changed(new MailboxChanged(ANNA, 1, 1L, List.of(1L), List.of(), List.of(), List.of(5L, 6L)));
        Mirror.await(() -> !Files.exists(file(1, 5)));
        assertThat(text(cache, message(1, 6))).isEqualTo("moved");

        JDBC.sql("delete from message where id = 7").update();
        var reopened = cache(1 << 20);
        reopened.start();
        Mirror.await(() -> !Files.exists(file(1, 7)));
        assertThat(text(reopened, message(1, 6))).isEqualTo("moved");
    }

    @Test
    void aFullOrReadOnlyDiskIsNoFailure() throws IOException {
        Files.writeString(directory.resolve("bodies"), "a file where the directory should be");
        cache.keep(message(1, 5), source("five"));
        cache.start();

        assertThat(text(cache, message(1, 5))).isNull();
    }

    @Test
    void aLimitOfNothingTurnsItOffAndClearsIt() {
        keeps(message(1, 5), "five");
        var off = cache(0);
        off.start();

        Mirror.await(() -> !Files.exists(file(1, 5)));
        off.keep(message(1, 6), source("six"));
        assertThat(text(off, message(1, 6))).isNull();
        assertThat(off.holds(new MessageKey(1, 6))).isFalse();
    }

    private BodyCache cache(long limit) {
        return new BodyCache(new BodyCacheProperties(directory, limit), accounts, JDBC);
    }

    private void keeps(StoredMessage message, String text) {
        cache.keep(message, source(text));
        Mirror.await(() -> text.equals(text(cache, message)));
    }

    private Path file(long account, long id) {
        return directory.resolve("bodies/%d/%02x/%d".formatted(account, id, id));
    }

    private static String text(BodyCache cache, StoredMessage message) {
        return cache.find(message)
                .map(source -> new String(source.parts().get("1"), UTF_8))
                .orElse(null);
    }

    private static MessageSource source(String text) {
        var part = new BodyPart("1", "text/plain", "utf-8", null, null, null, "7bit", text.length(), List.of());
        return new MessageSource("Subject: x\r\n\r\n".getBytes(UTF_8), part, Map.of("1", text.getBytes(UTF_8)));
    }

    private static StoredMessage message(long account, long id) {
        return message(account, id, "<%d@example.org>".formatted(id));
    }

    private static StoredMessage message(long account, long id, String messageId) {
        var key = new MessageKey(account, id);
        var mailbox = new MailboxKey(account, 1);
        var summary = new MessageSummary(
                key.toString(),
                mailbox.toString(),
                "1-1",
                null,
                null,
                List.of(),
                List.of(),
                "Subject",
                null,
                Mails.NOON,
                null,
                1000,
                List.of(),
                false);
        var envelope = new Envelope(
                messageId, List.of(), List.of(), "Subject", List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), null);
        return new StoredMessage(
                new MessageRow(key, mailbox, new RemoteId(id), id, "", summary),
                "INBOX",
                envelope,
                source("").structure());
    }

    private static void row(long id) {
        JDBC.sql("""
                        insert into message (account_id, id, mailbox_id, arrival, subject, base_subject,
                                             from_text, envelope, received_at, size, has_attachment, structure)
                        values (1, ?, 1, ?, '', '', '', '{}', now(), 1, false, '{}')
                        """).params(id, id).update();
    }
}
