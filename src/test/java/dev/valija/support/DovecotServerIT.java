package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Folder;
import jakarta.mail.Session;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DovecotServerIT {

    @Test
    void aDeliveredMessageIsInTheInbox() throws Exception {
        try (var server = DovecotServer.start()) {
            server.deliver("anna", Mails.plain("Hello").bytes());

            var session = Session.getInstance(new Properties());
            session.getProperties()
                    .put("mail.imaps.ssl.socketFactory", TestCa.clientContext().getSocketFactory());
            try (var store = session.getStore("imaps")) {
                store.connect("localhost", server.imaps().port(), "anna", DovecotServer.PASSWORD);
                var inbox = store.getFolder("INBOX");
                inbox.open(Folder.READ_ONLY);
                assertThat(inbox.getMessage(1).getSubject()).isEqualTo("Hello");
            }
            assertThat(server.doveadm(new byte[0], "mailbox", "list", "-u", "anna"))
                    .contains("Sent");
        }
    }
}
