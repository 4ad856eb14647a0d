package dev.valija.upstream.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.support.GreenMailServer;
import dev.valija.support.Mails;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Credentials;
import dev.valija.upstream.Maildrop;
import dev.valija.upstream.MaildropLogin;
import dev.valija.upstream.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Another server's POP3. */
class GreenMailMaildropIT {
    private static final String ANNA = "anna@example.org";

    @Test
    void mailIsTakenAndDeleted() throws Exception {
        try (var server = GreenMailServer.start();
                var real = new TestUpstream()) {
            var upstream = real.upstream();
            var mails = List.of(Mails.plain("one", "dots\n.\n..\nend"), Mails.plain("two"), Mails.plain("three"));
            var account = server.login(1, ANNA);
            for (var mail : mails) {
                upstream.withStore(
                        account,
                        store -> store.append("INBOX", mail.stream(), mail.size(), Set.of(), Mails.NOON) != null);
            }
            var login = new MaildropLogin(server.pop3s(), account.credentials());
            upstream.withMaildrop(login, maildrop -> {
                var entries = maildrop.list();
                assertThat(entries)
                        .extracting(Maildrop.Entry::uidl)
                        .doesNotContainNull()
                        .doesNotHaveDuplicates();
                for (int i = 0; i < mails.size(); i++) {
                    var out = new ByteArrayOutputStream();
                    maildrop.retrieve(entries.get(i), out);
                    assertThat(out.toByteArray()).isEqualTo(mails.get(i).bytes());
                }
                maildrop.delete(entries.get(1));
                maildrop.quit();
                return entries;
            });
            var left = upstream.withMaildrop(login, Maildrop::list);
            assertThat(left).hasSize(2);
            assertThatThrownBy(() -> upstream.withMaildrop(
                            new MaildropLogin(server.pop3s(), new Credentials(ANNA, "wrong")), Maildrop::list))
                    .isInstanceOf(UpstreamException.CredentialsRejected.class);
        }
    }
}
