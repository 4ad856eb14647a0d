package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;

/** Makes, renames and deletes mailboxes. */
final class ImapMailboxes {
    private final ImapSession session;
    private final ImapMailboxList list;

    ImapMailboxes(ImapSession session) {
        this.session = session;
        this.list = new ImapMailboxList(session);
    }

    void create(String mailbox) {
        Line result = session.attempt(Command.of("CREATE").mailbox(mailbox), line -> {});
        if (!result.isOK()) {
            throw result.isNO() && list.exists(mailbox) ? Refusals.exists() : Refusals.of(result);
        }
        subscribe(mailbox, "SUBSCRIBE");
    }

    void rename(String from, String to) {
        if (MailboxNames.isInbox(from)) {
            // RFC 9051 6.3.6: it would move all messages out and leave INBOX in place.
            throw new UpstreamException.NotSupported("INBOX keeps its name.", null);
        }
        List<String> subscribed = list.subscribed(from);
        forgetSelection(from);
        Line result = session.attempt(Command.of("RENAME").mailbox(from).mailbox(to), line -> {});
        if (!result.isOK()) {
            throw refusedRename(result, from, to);
        }
        // RFC 9051 6.3.6 leaves subscriptions to the old names as they are.
        var commands = new ArrayList<Command>();
        for (String old : subscribed) {
            commands.add(Command.of("SUBSCRIBE").mailbox(to + old.substring(from.length())));
            commands.add(Command.of("UNSUBSCRIBE").mailbox(old));
        }
        for (int i = 0; i < commands.size(); i += ImapMailboxList.PIPELINED) {
            session.attemptAll(
                    commands.subList(i, Math.min(i + ImapMailboxList.PIPELINED, commands.size())), line -> {});
        }
    }

    private UpstreamException refusedRename(Line result, String from, String to) {
        if (result.isNO() && !list.exists(from)) {
            return Refusals.notThere();
        }
        return result.isNO() && list.exists(to) ? Refusals.exists() : Refusals.of(result);
    }

    void delete(String mailbox) {
        if (MailboxNames.isInbox(mailbox)) {
            throw new UpstreamException.NotSupported("INBOX cannot be deleted.", null);
        }
        forgetSelection(mailbox);
        Line result = session.attempt(Command.of("DELETE").mailbox(mailbox), line -> {});
        if (!result.isOK()) {
            throw result.isNO() && !list.exists(mailbox) ? Refusals.notThere() : Refusals.of(result);
        }
        session.attempt(Command.of("UNSUBSCRIBE").mailbox(mailbox), line -> {});
    }

    void subscribe(String mailbox, boolean subscribed) {
        subscribe(mailbox, subscribed ? "SUBSCRIBE" : "UNSUBSCRIBE");
    }

    private void subscribe(String mailbox, String command) {
        Line result = session.attempt(Command.of(command).mailbox(mailbox), line -> {});
        if (!result.isOK()) {
            throw Refusals.ofMailbox(result);
        }
    }

    /** A mailbox must not be selected while it goes; some servers hang up then. */
    private void forgetSelection(String mailbox) {
        String selected = session.selectedMailbox();
        if (selected != null && selected.startsWith(mailbox)) {
            session.leaveSelected();
        }
    }
}
