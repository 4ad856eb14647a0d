package dev.valija.upstream;

import dev.valija.support.Mail;
import dev.valija.support.TestCa;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.search.MessageIDTerm;
import java.util.Properties;

/** A mail program that is none of ours, with habits we do not have. */
final class ForeignClient {
    private ForeignClient() {}

    /** Marks a message as deleted and leaves it there, as mail programs of old do. */
    static void markDeleted(ServerLogin login, String mailbox, Mail mail) {
        with(login, mailbox, mail, (folder, found) -> folder.setFlags(found, new Flags(Flags.Flag.DELETED), true));
    }

    /** Whether the server has the message, marked as deleted or not. */
    static boolean finds(ServerLogin login, String mailbox, Mail mail) {
        return with(login, mailbox, mail, (folder, found) -> {}) == 1;
    }

    private static int with(ServerLogin login, String mailbox, Mail mail, Habit habit) {
        var properties = new Properties();
        properties.put("mail.imaps.ssl.socketFactory", TestCa.clientContext().getSocketFactory());
        try (var store = Session.getInstance(properties).getStore("imaps")) {
            var credentials = login.credentials();
            store.connect(login.store().host(), login.store().port(), credentials.username(), credentials.password());
            var folder = store.getFolder(mailbox);
            folder.open(Folder.READ_WRITE);
            var found = folder.search(new MessageIDTerm("<" + mail.messageId() + ">"));
            habit.exercise(folder, found);
            // Not by try-with-resources, which would expunge.
            folder.close(false);
            return found.length;
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Habit {
        void exercise(Folder folder, Message[] found) throws MessagingException;
    }
}
