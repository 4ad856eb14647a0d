package dev.valija.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.GreenMailServer;
import dev.valija.support.Mail;
import dev.valija.support.Mails;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.SearchQuery.Field;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against GreenMail: a server without CONDSTORE, NOTIFY, SPECIAL-USE and LIST-STATUS. */
class GreenMailMailStoreContractIT extends MailStoreContract {
    private static GreenMailServer server;
    private static TestUpstream upstream;

    @BeforeAll
    static void start() {
        server = GreenMailServer.start();
        upstream = new TestUpstream("watch-poll", "1s");
    }

    @AfterAll
    static void stop() {
        upstream.close();
        server.close();
    }

    @Override
    public Upstream upstream() {
        return upstream.upstream();
    }

    @Override
    protected ServerLogin login(long accountId, String user) {
        return server.login(accountId, user);
    }

    @Override
    public void markDeletedElsewhere(String mailbox, Mail mail) {
        ForeignClient.markDeleted(mine(), mailbox, mail);
    }

    @Override
    public boolean isThereElsewhere(String mailbox, Mail mail) {
        return ForeignClient.finds(mine(), mailbox, mail);
    }

    /** GreenMail gives all mailboxes made in one second the same UIDVALIDITY: there only other UIDs tell them apart. */
    @Override
    @Test
    public void nothingIsMovedOutOfAMailboxThatHasTakenAnothersName() {
        nothingIsMovedOutOfAnother(() -> {
            put("Projects", Mails.plain("First"));
            return put("Projects", Mails.plain("Second"));
        });
    }

    /** GreenMail finds senders by the whole address only. */
    @Override
    @Test
    public void textIsFoundInTheFieldAskedForAndInNoOther() {
        var one = put(INBOX, Mails.plain("Budget", "numbers").from("Carla", "carla@example.org"));
        var two = put(INBOX, Mails.plain("Numbers", "budget inside"));

        assertThat(found(new SearchQuery.Text(Field.SUBJECT, "budget"))).containsExactly(one);
        assertThat(found(new SearchQuery.Text(Field.FROM, "carla@example.org"))).containsExactly(one);
        assertThat(found(new SearchQuery.Text(Field.BODY, "budget"))).containsExactly(two);
        assertThat(found(new SearchQuery.Text(Field.TEXT, "budget"))).containsExactly(one, two);
        assertThat(found(new SearchQuery.Text(Field.SUBJECT, "absent"))).isEmpty();
    }

    /** GreenMail takes the octets of a literal for ASCII: nothing is found, but the dialogue stays in step. */
    @Override
    @Test
    public void nonAsciiTextIsFound() {
        var id = put(INBOX, Mails.plain("Grüße aus Köln"));
        assertThat(found(new SearchQuery.Text(Field.SUBJECT, "Grüße"))).isEmpty();
        assertThat(ids(INBOX)).containsExactly(id);
    }

    /** GreenMail gives the time of arrival where a message has no Date. */
    @Override
    @Test
    public void aRowMayLackEverything() {
        var bare = Mails.plain("")
                .header("Subject", null)
                .header("To", null)
                .header("Date", null)
                .header("From", null);
        var row = row(INBOX, put(INBOX, bare));
        assertThat(row.envelope().subject()).isEmpty();
        assertThat(row.envelope().from()).isEmpty();
        assertThat(row.envelope().to()).isEmpty();
    }

    /** GreenMail drops the last line break of a part. */
    @Override
    @Test
    public void openingAPlainMessageGivesPartOne() {
        var id = put(INBOX, Mails.plain("Hello", "Grüße"));
        var source = store(store -> store.open(INBOX, id));
        assertThat(source.structure().partId()).isEqualTo("1");
        assertThat(source.parts().get("1")).asString(UTF_8).isEqualTo("Grüße");
    }

    /** GreenMail drops the last line break of a part. */
    @Override
    @Test
    public void aQuotedPrintablePartIsWrittenDecoded() {
        var html = "<p>Grüße = グリーティング</p>";
        var id = put(INBOX, Mails.html("Hello", html));
        var part = row(INBOX, id).structure();
        assertThat(written((store, out) -> store.writePart(INBOX, id, part, out)))
                .asString(UTF_8)
                .isEqualTo(html);
    }

    /** GreenMail gives the whole text for a part that a single-part message does not have. */
    @Override
    @Test
    public void whatIsGoneCannotBeOpenedNorWritten() {
        var gone = put(INBOX, Mails.plain("Gone"));
        var part = row(INBOX, gone).structure();
        elsewhere(store -> store.delete(INBOX, List.of(gone)));

        var out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> run(store -> store.open(INBOX, gone))).isInstanceOf(UpstreamException.NotFound.class);
        assertThatThrownBy(() -> run(store -> store.writePart(INBOX, gone, part, out)))
                .isInstanceOf(UpstreamException.NotFound.class);
        assertThatThrownBy(() -> run(store -> store.writeRaw(INBOX, gone, out)))
                .isInstanceOf(UpstreamException.NotFound.class);
        assertThat(out.size()).isZero();
    }

    private List<RemoteId> found(SearchQuery query) {
        return store(store -> store.search(INBOX, query, SearchContract.OLDEST_FIRST, 0, 100))
                .ids();
    }
}
