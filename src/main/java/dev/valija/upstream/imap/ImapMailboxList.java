package dev.valija.upstream.imap;

import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.WireText;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lists mailboxes, with roles and counts. */
final class ImapMailboxList {
    private static final int MOST_MAILBOXES = 20_000;
    /** On the wire. Longer names would go as literals, each of which the server has to ask for (and none has any). */
    private static final int LONGEST_NAME = 1000;

    /** What a mailbox takes of memory, its name aside. */
    private static final int LISTED = 500;

    private static final int MOST_ATTRIBUTES = 30;
    private static final int LONGEST_ATTRIBUTE = 50;
    /** Each is selected to be sure: see {@link #doubtMereParents}. */
    private static final int MOST_DOUBTED = 200;
    /** STATUS commands on the way at once; their answers must fit into the buffers in between. */
    static final int PIPELINED = 20;

    private static final Map<String, MailboxRole> BY_ATTRIBUTE = Map.ofEntries(
            Map.entry("\\drafts", MailboxRole.DRAFTS),
            Map.entry("\\sent", MailboxRole.SENT),
            Map.entry("\\archive", MailboxRole.ARCHIVE),
            Map.entry("\\junk", MailboxRole.JUNK),
            Map.entry("\\trash", MailboxRole.TRASH),
            Map.entry("\\all", MailboxRole.ALL),
            Map.entry("\\flagged", MailboxRole.FLAGGED),
            Map.entry("\\snoozed", MailboxRole.SNOOZED),
            // what Gmail said before RFC 6154, and some still do
            Map.entry("\\allmail", MailboxRole.ALL),
            Map.entry("\\starred", MailboxRole.FLAGGED),
            Map.entry("\\spam", MailboxRole.JUNK));

    private final ImapSession session;
    private final Consumer<Line> others;

    ImapMailboxList(ImapSession session) {
        this(session, line -> {});
    }

    /** @param others is shown what the server says meanwhile that is no part of the list */
    ImapMailboxList(ImapSession session, Consumer<Line> others) {
        this.session = session;
        this.others = others;
    }

    /** One line of LIST, as far as it is known yet. */
    private static final class Listed {
        private final String name;
        private final @Nullable Character separator;
        private final Set<String> attributes;
        private Map<String, Long> status = Map.of();

        Listed(String name, @Nullable Character separator, Set<String> attributes) {
            this.name = name;
            this.separator = separator;
            this.attributes = attributes;
        }

        boolean selectable() {
            return !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent");
        }

        boolean topmost() {
            if (separator == null) {
                return true;
            }
            int last = name.lastIndexOf(separator);
            return last < 0 || MailboxNames.isInbox(name.substring(0, last)) || name.startsWith("[G");
        }

        String leaf() {
            return separator == null ? name : name.substring(name.lastIndexOf(separator) + 1);
        }
    }

    List<RemoteMailbox> all() {
        Map<String, Listed> listed = listed();
        doubtMereParents(listed);
        return remote(listed);
    }

    /** The same as the server lists it; what is selected stays so. */
    List<RemoteMailbox> asListed() {
        return remote(listed());
    }

    private Map<String, Listed> listed() {
        return session.can("LIST-EXTENDED") || session.can("IMAP4REV2") ? extended() : basic();
    }

    private static List<RemoteMailbox> remote(Map<String, Listed> listed) {
        Set<String> subscribed = new HashSet<>();
        listed.values().stream()
                .filter(mailbox -> mailbox.attributes.contains("\\subscribed"))
                .forEach(mailbox -> subscribed.add(mailbox.name));
        hideGhosts(listed);
        Map<Listed, MailboxRole> roles = roles(listed.values());
        return listed.values().stream()
                .map(mailbox -> remote(mailbox, roles.get(mailbox), subscribed.contains(mailbox.name)))
                .toList();
    }

    /**
     * Dovecot 2.3 lists a parent that was deleted and made anew as a mere parent, on a connection that has listed it in
     * between, and goes on doing so until another mailbox comes or goes. Such a one tells its status and can be selected;
     * other servers tell the status of mere parents too.
     */
    private void doubtMereParents(Map<String, Listed> listed) {
        var names = new TreeSet<>(listed.keySet());
        List<Listed> parents = listed.values().stream()
                .filter(mailbox -> mailbox.attributes.contains("\\noselect") && hasChildren(mailbox, names))
                .limit(MOST_DOUBTED)
                .toList();
        statuses(parents, listed);
        for (Listed parent : parents) {
            if (!parent.status.isEmpty() && canBeSelected(parent.name)) {
                parent.attributes.remove("\\noselect");
            } else {
                parent.status = Map.of();
            }
        }
    }

    private boolean canBeSelected(String mailbox) {
        try {
            session.reselect(mailbox);
            return true;
        } catch (UpstreamException.NotFound | UpstreamException.NotSupported e) {
            return false;
        }
    }

    private static boolean hasChildren(Listed mailbox, NavigableSet<String> names) {
        String prefix = mailbox.name + mailbox.separator;
        String next = names.ceiling(prefix);
        return mailbox.separator != null && next != null && next.startsWith(prefix);
    }

    /** Dovecot lists the deleted parent of a mailbox as if it were there, but cannot tell its status. */
    private static void hideGhosts(Map<String, Listed> listed) {
        var names = new TreeSet<>(listed.keySet());
        for (Listed mailbox : listed.values()) {
            boolean inbox = MailboxNames.isInbox(mailbox.name);
            if (mailbox.status.isEmpty() && !inbox && hasChildren(mailbox, names)) {
                mailbox.attributes.add("\\nonexistent");
            }
        }
    }

    private Map<String, Listed> extended() {
        boolean statuses = session.can("LIST-STATUS") || session.can("IMAP4REV2");
        Command options = Command.listOf("SUBSCRIBED");
        if (session.can("SPECIAL-USE") || session.can("IMAP4REV2")) {
            options.atom("SPECIAL-USE");
        }
        if (statuses) {
            options.atom("STATUS").list(statusItems());
        }
        var listed = new LinkedHashMap<String, Listed>();
        Command list =
                Command.of("LIST").string("").atom("\"*\"").atom("RETURN").list(options);
        session.run(list, line -> {
            if (!note(line, "LIST", listed) && !status(line, listed)) {
                others.accept(line);
            }
        });
        if (!statuses) {
            statusesOfSelectable(listed);
        }
        return listed;
    }

    private Map<String, Listed> basic() {
        var listed = new LinkedHashMap<String, Listed>();
        var subscribed = new LinkedHashMap<String, Listed>();
        List<Line> results = session.attemptAll(
                List.of(
                        Command.of("LIST").string("").atom("\"*\""),
                        Command.of("LSUB").string("").atom("\"*\"")),
                line -> {
                    if (!note(line, "LIST", listed) && !note(line, "LSUB", subscribed)) {
                        others.accept(line);
                    }
                });
        if (!results.getFirst().isOK()) {
            throw Refusals.of(results.getFirst());
        }
        for (Listed mailbox : listed.values()) {
            Listed other = subscribed.get(mailbox.name);
            // In LSUB \Noselect means "not itself, but something beneath it" (RFC 3501 6.3.9).
            if (other != null && other.selectable()) {
                mailbox.attributes.add("\\subscribed");
            }
        }
        statusesOfSelectable(listed);
        return listed;
    }

    private void statusesOfSelectable(Map<String, Listed> listed) {
        statuses(listed.values().stream().filter(Listed::selectable).toList(), listed);
    }

    private void statuses(List<Listed> asked, Map<String, Listed> listed) {
        for (int i = 0; i < asked.size(); i += PIPELINED) {
            List<Command> commands = asked.subList(i, Math.min(i + PIPELINED, asked.size())).stream()
                    .map(mailbox -> Command.of("STATUS").mailbox(mailbox.name).list(statusItems()))
                    .toList();
            session.attemptAll(commands, line -> {
                if (!status(line, listed)) {
                    others.accept(line);
                }
            });
        }
    }

    private Command statusItems() {
        Command items = Command.listOf("MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY");
        return session.can("CONDSTORE") || session.can("QRESYNC") ? items.atom("HIGHESTMODSEQ") : items;
    }

    /** Takes a line of a list. @return false for all others */
    private boolean note(Line line, String key, Map<String, Listed> into) {
        if (!line.is(key)) {
            return false;
        }
        Tokens tokens = line.tokens();
        var attributes = new HashSet<String>();
        for (Object attribute : Tokens.list(tokens.value())) {
            String text = Tokens.text(attribute);
            if (text != null && text.length() <= LONGEST_ATTRIBUTE && attributes.size() < MOST_ATTRIBUTES) {
                attributes.add(text.toLowerCase(Locale.ROOT));
            }
        }
        String separator = Tokens.text(tokens.value());
        byte[] wire = Tokens.octets(tokens.value());
        String name = wire.length > LONGEST_NAME ? "" : MailboxNames.decode(wire);
        // One that cannot be said back would break the list of all others.
        if (!name.isEmpty() && into.size() < MOST_MAILBOXES && WireText.canSay(name)) {
            session.keep(LISTED + 2L * name.length());
            into.putIfAbsent(
                    name,
                    new Listed(
                            name, separator == null || separator.isEmpty() ? null : separator.charAt(0), attributes));
        }
        return true;
    }

    /** Takes the status of a mailbox. @return false for all other lines */
    private static boolean status(Line line, Map<String, Listed> listed) {
        if (!line.is("STATUS")) {
            return false;
        }
        Tokens tokens = line.tokens();
        Listed mailbox = listed.get(MailboxNames.decode(Tokens.octets(tokens.value())));
        List<?> pairs = Tokens.list(tokens.value());
        var status = new HashMap<String, Long>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            String item = Tokens.text(pairs.get(i));
            if (item != null) {
                status.put(item.toUpperCase(Locale.ROOT), Tokens.number(pairs.get(i + 1), -1));
            }
        }
        if (mailbox != null) {
            mailbox.status = status;
        }
        return true;
    }

    private static RemoteMailbox remote(Listed mailbox, @Nullable MailboxRole role, boolean subscribed) {
        Map<String, Long> status = mailbox.status;
        return new RemoteMailbox(
                mailbox.name,
                mailbox.separator,
                role,
                mailbox.selectable(),
                subscribed,
                count(status.get("MESSAGES")),
                count(status.get("UNSEEN")),
                state(status));
    }

    private static int count(@Nullable Long number) {
        return number == null ? -1 : Math.clamp(number, -1, Integer.MAX_VALUE);
    }

    /** Without a HIGHESTMODSEQ a change of flags would leave no trace, so there is no token then. */
    private static @Nullable String state(Map<String, Long> status) {
        Long modSeq = status.get("HIGHESTMODSEQ");
        return modSeq == null || modSeq <= 0
                ? null
                : status.get("UIDVALIDITY") + "." + status.get("UIDNEXT") + "." + modSeq + "." + status.get("MESSAGES")
                        + "." + status.get("UNSEEN");
    }

    /** By attribute (RFC 6154) first; then by name, for roles that nobody has yet. */
    private static Map<Listed, MailboxRole> roles(Iterable<Listed> mailboxes) {
        var roles = new HashMap<Listed, MailboxRole>();
        var taken = EnumSet.noneOf(MailboxRole.class);
        for (Listed mailbox : mailboxes) {
            if (MailboxNames.isInbox(mailbox.name) && mailbox.selectable() && taken.add(MailboxRole.INBOX)) {
                roles.put(mailbox, MailboxRole.INBOX);
            }
        }
        for (Listed mailbox : mailboxes) {
            for (String attribute : mailbox.attributes) {
                MailboxRole role = BY_ATTRIBUTE.get(attribute);
                if (role != null && mailbox.selectable() && !roles.containsKey(mailbox) && taken.add(role)) {
                    roles.put(mailbox, role);
                }
            }
        }
        for (Listed mailbox : mailboxes) {
            MailboxRole role = mailbox.topmost() ? RoleNames.of(mailbox.leaf()) : null;
            if (role != null && mailbox.selectable() && !roles.containsKey(mailbox) && taken.add(role)) {
                roles.put(mailbox, role);
            }
        }
        return roles;
    }

    boolean exists(String mailbox) {
        Listed listed = basicNames("LIST", mailbox).get(MailboxNames.canonical(mailbox));
        return listed != null && listed.selectable();
    }

    private @Nullable Character separatorOf(String mailbox) {
        Listed listed = basicNames("LIST", mailbox).get(mailbox);
        return listed == null ? null : listed.separator;
    }

    /** Those subscribed to, of a mailbox and what is beneath it. */
    List<String> subscribed(String mailbox) {
        Map<String, Listed> subscribed = basicNames("LSUB", mailbox);
        Character separator = separatorOf(mailbox);
        return subscribed.values().stream()
                .filter(Listed::selectable)
                .map(listed -> listed.name)
                .filter(name -> name.equals(mailbox) || (separator != null && name.startsWith(mailbox + separator)))
                .toList();
    }

    /** What is listed at a name and beneath. Wildcards within the name only widen the answer, which is then filtered. */
    private Map<String, Listed> basicNames(String command, String mailbox) {
        var listed = new LinkedHashMap<String, Listed>();
        String name = MailboxNames.encode(mailbox);
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            return listed;
        }
        Command list = Command.of(command).string("").string(command.equals("LSUB") ? name + "*" : name);
        Line result = session.attempt(list, line -> note(line, command, listed));
        return result.isOK() ? listed : Map.of();
    }
}
