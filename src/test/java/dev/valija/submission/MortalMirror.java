package dev.valija.submission;

import dev.valija.account.FakeAccounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.TestMailboxes;
import dev.valija.support.FreshDatabase;
import dev.valija.support.TestUpstream;
import dev.valija.upload.UploadProperties;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A node that copies drafts to the provider, in a process of its own, until it is killed. */
final class MortalMirror {
    static final Duration PAUSE = Duration.ofMillis(50);

    public static void main(String[] arguments) throws IOException {
        var database = new FreshDatabase(arguments[0], arguments[1], arguments[2]);
        var upstream = new TestUpstream("trusted-certificates", arguments[4]).upstream();
        var imap = new ServerSettings("localhost", Integer.parseInt(arguments[3]), Security.TLS);
        var accounts = new FakeAccounts(
                (id, address) -> new ServerLogin(id, imap, imap, new Credentials(address, arguments[5])));
        accounts.add(new UserId(1), 1, DraftMirrorIT.ADDRESS);
        var jdbc = JdbcClient.create(database.dataSource());
        var seen = TestMailboxes.of(database, upstream, accounts);
        // Attachments are the other tests' matter: these drafts have none.
        var attachments = new AttachmentReader(null, null, new UploadProperties(1 << 20, 1 << 20));
        var mirror = new DraftMirror(
                new DraftRows(jdbc, JsonMapper.shared()),
                new DraftCopies(jdbc, seen.places()),
                new CopyWriter(accounts, seen.places(), attachments),
                accounts,
                upstream,
                seen.mailboxes());
        new MirrorLoop(new DraftsBehind(jdbc, new DraftProperties(PAUSE)), mirror).start();
        System.out.println("alive");
        System.in.transferTo(OutputStream.nullOutputStream()); // which ends with who started us
    }

    private MortalMirror() {}
}
