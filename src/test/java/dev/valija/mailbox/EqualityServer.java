package dev.valija.mailbox;

import dev.valija.support.DovecotServer;
import dev.valija.support.Mails;
import dev.valija.support.RawImap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One user's mail straight at the server: the client that is not ours, and the judge of what is there. */
final class EqualityServer implements AutoCloseable {
    static final List<String> NAMES = List.of("A", "B", "B/Sub", "C", "D");
    private static final String ME = "raw";
    private static final Pattern LISTED = Pattern.compile("\\* LIST \\(([^)]*)\\) \\S+ \"?([^\"]+)\"?");
    private static final Pattern UID = Pattern.compile("UID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
    private static final Pattern SIZE = Pattern.compile("RFC822.SIZE (\\d+)");
    private static final Pattern DATE = Pattern.compile("INTERNALDATE \"([^\"]+)\"");
    private static final Pattern SUBJECT = Pattern.compile("(?i)subject: (m\\d+)");
    private static final Pattern VALIDITY = Pattern.compile("UIDVALIDITY (\\d+)");

    private final DovecotServer server;
    private final String user;
    private final EqualityLedger ledger;
    private final Random random;
    private RawImap imap;
    private long validities = 2_000_000_000L;
    private int restorings;

    EqualityServer(DovecotServer server, String user, EqualityLedger ledger, long seed) {
        this.server = server;
        this.user = user;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.imap = new RawImap(server.imaps(), user, DovecotServer.PASSWORD);
    }

    /** A message, as it is at the server. */
    private record Message(long uid, Set<String> flags, long size, String date, String mark) {
        boolean deleted() {
            return flags.contains("\\deleted");
        }

        Set<String> keywords() {
            return flags.stream()
                    .filter(flag -> !flag.equals("\\recent") && !flag.equals("\\deleted"))
                    .map(flag -> flag.replace('\\', '$'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private record Box(long validity, List<Message> messages) {}

    void begins() {
        for (var name : List.of("A", "B", "B/Sub")) {
            imap.run("CREATE " + name);
        }
        for (int i = 0; i < 16; i++) {
            append(List.of("INBOX", "INBOX", "A", "B").get(random.nextInt(4)));
        }
    }

    private List<String> names() {
        return imap.run("LIST \"\" *").stream()
                .map(LISTED::matcher)
                .filter(Matcher::matches)
                .filter(listed -> !listed.group(1).toLowerCase(Locale.ROOT).contains("\\no"))
                .map(listed -> listed.group(2))
                .sorted()
                .toList();
    }

    /** Null when there is no such mailbox. */
    private Box open(String mailbox, String how) {
        var answer = imap.attempt(how + " " + mailbox);
        if (!answer.ok()) {
            return null;
        }
        long validity = answer.untagged().stream()
                .map(VALIDITY::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .findFirst()
                .orElseThrow();
        var messages = new TreeMap<Long, Message>();
        for (var line :
                imap.run("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) {
            var subject = SUBJECT.matcher(line);
            if (line.contains(" FETCH (") && subject.find()) {
                var flags = Arrays.stream(
                                group(FLAGS, line).toLowerCase(Locale.ROOT).split(" "))
                        .filter(flag -> !flag.isEmpty())
                        .collect(Collectors.toSet());
                long uid = Long.parseLong(group(UID, line));
                messages.put(
                        uid,
                        new Message(
                                uid, flags, Long.parseLong(group(SIZE, line)), group(DATE, line), subject.group(1)));
            }
        }
        return new Box(validity, List.copyOf(messages.values()));
    }

    private static String group(Pattern pattern, String line) {
        var matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new IllegalStateException(pattern + " is not in " + line);
        }
        return matcher.group(1);
    }

    /** What the index must show, by mailbox. */
    Map<String, List<Mirror.Seen>> dump() {
        signsInAgain(); // the server hangs up on who has selected what is not there any more
        var dump = new TreeMap<String, List<Mirror.Seen>>();
        for (var name : names()) {
            var box = open(name, "EXAMINE");
            if (box != null) {
                dump.put(
                        name,
                        box.messages().stream()
                                .filter(m -> !m.deleted())
                                .map(m -> new Mirror.Seen(
                                        box.validity() << 32 | m.uid(),
                                        m.mark() + "@example.org",
                                        m.mark(),
                                        m.size(),
                                        String.join(" ", m.keywords())))
                                .sorted(Comparator.comparing(Mirror.Seen::remoteId))
                                .toList());
            }
        }
        return dump;
    }

    /**
     * Deletes what is in the list and opens for nobody, as its operator would: after a rename under those who have it
     * selected, Dovecot 2.3 now and then takes a mailbox for deleted for good.
     */
    void deletesRuins() {
        signsInAgain();
        for (var name : names()) {
            var opened = imap.attempt("EXAMINE " + name);
            if (!opened.ok()) {
                ledger.unsafe(ME, name, "delete the ruin (" + opened.tagged() + ")");
                System.out.println("seed of " + user + ": ruin " + name + ": " + opened.tagged() + ", deleted: "
                        + imap.attempt("DELETE " + name).tagged());
            }
        }
    }

    static List<EqualityLedger.Found> found(Map<String, List<Mirror.Seen>> dump) {
        var found = new ArrayList<EqualityLedger.Found>();
        dump.forEach((mailbox, all) -> all.forEach(seen -> found.add(new EqualityLedger.Found(
                seen.subject(), mailbox, Set.of(seen.keywords().split(" "))))));
        return found;
    }

    /** Something another mail program may do. */
    void acts() {
        try {
            act();
        } catch (RuntimeException e) {
            // Such as BYE, because the mailbox was renamed or deleted by one of the others.
            ledger.log(ME, "again, after " + e.getMessage());
            signsInAgain();
        }
    }

    private void signsInAgain() {
        imap.close();
        imap = new RawImap(server.imaps(), user, DovecotServer.PASSWORD);
    }

    private void act() {
        var names = names();
        var place = names.get(random.nextInt(names.size()));
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> append(place);
            case 4 -> create();
            case 5 -> rename(names);
            case 6 -> delete(names);
            case 7, 22, 23 -> restore(NAMES.get(random.nextInt(3)), names);
            case 8 -> bump();
            case 9 -> ledger.log(ME, "expunge " + place + " " + (open(place, "SELECT") != null && expunge()));
            default -> onMessage(place, names.get(random.nextInt(names.size())));
        }
    }

    private boolean expunge() {
        return imap.attempt("EXPUNGE").ok();
    }

    private void append(String mailbox) {
        var mark = ledger.arrives(mailbox);
        int number = Integer.parseInt(mark.substring(1));
        var mail = Mails.plain(mark, "x".repeat(1 + number * 37 % 500))
                .messageId(mark + "@example.org")
                .header("References", "<" + group(mark) + "@example.org>");
        ledger.log(ME, "append " + mark + " to " + mailbox);
        var answer = imap.append(
                mailbox,
                random.nextBoolean() ? "\\Seen" : "",
                "14-Mar-2026 12:00:%02d +0000".formatted(number % 60),
                mail.bytes());
        if (!answer.ok()) {
            ledger.deleted(ME, mark);
        }
    }

    /** The conversation a message belongs to. */
    static String group(String mark) {
        return "g" + Integer.parseInt(mark.substring(1)) % 5;
    }

    private void create() {
        var name = NAMES.get(random.nextInt(NAMES.size()));
        ledger.log(ME, "create " + name + " " + imap.attempt("CREATE " + name).tagged());
    }

    private void rename(List<String> names) {
        var from = NAMES.get(random.nextInt(NAMES.size()));
        var to = NAMES.get(random.nextInt(NAMES.size()));
        if (names.contains(from) && !names.contains(to) && !to.startsWith(from)) {
            ledger.renamed(ME, from, to);
            imap.attempt("RENAME " + from + " " + to);
        }
    }

    private void delete(List<String> names) {
        var name = NAMES.get(random.nextInt(NAMES.size()));
        if (names.contains(name)) {
            ledger.unsafe(ME, name, "delete mailbox");
            imap.attempt("DELETE " + name);
        }
    }

    /**
     * A mailbox is lost and comes back from a backup: the same messages, other ids. Not by DELETE and CREATE under the
     * same name: while others have the mailbox selected, Dovecot 2.3 then loses messages it has said OK to, or opens the
     * mailbox for nobody any more.
     */
    private void restore(String name, List<String> names) {
        var box = names.stream().anyMatch(other -> other.startsWith(name + "/")) ? null : open(name, "EXAMINE");
        if (box == null) {
            return;
        }
        ledger.unsafe(ME, name, "restore");
        // In another order: an old UID used with the new numbering hits another message.
        var messages = new ArrayList<>(box.messages());
        Collections.shuffle(messages, random);
        var bytes = new ArrayList<byte[]>();
        for (var message : messages) {
            var line = String.join("", imap.run("UID FETCH " + message.uid() + " BODY.PEEK[]"));
            int start = line.indexOf("From: ");
            bytes.add(line.substring(start, (int) (start + message.size())).getBytes(StandardCharsets.ISO_8859_1));
        }
        imap.run("UNSELECT");
        var backup = "Backup" + ++restorings;
        var lost = "Lost" + restorings;
        ledger.renamed(ME, backup, name);
        ledger.renamed(ME, name, lost);
        ledger.unsafe(ME, lost, "delete mailbox");
        imap.attempt("CREATE " + backup);
        for (int i = 0; i < bytes.size(); i++) {
            var message = messages.get(i);
            if (random.nextInt(8) > 0) {
                ledger.copied(ME, message.mark(), backup);
                var flags = message.flags().stream()
                        .filter(f -> !f.equals("\\recent"))
                        .collect(Collectors.joining(" "));
                imap.append(backup, flags, message.date(), bytes.get(i));
            }
        }
        imap.attempt("RENAME " + name + " " + lost);
        imap.attempt("RENAME " + backup + " " + name);
        imap.attempt("DELETE " + lost);
    }

    /** The server has lost its numbering of INBOX. */
    private void bump() {
        ledger.log(ME, "another UIDVALIDITY for INBOX");
        imap.attempt("UNSELECT");
        server.doveadm(
                new byte[0], "mailbox", "update", "-u", user, "--uid-validity", Long.toString(++validities), "INBOX");
    }

    private void onMessage(String place, String target) {
        var box = open(place, "SELECT");
        if (box == null || box.messages().isEmpty()) {
            return;
        }
        var message = box.messages().get(random.nextInt(box.messages().size()));
        var uid = message.uid();
        var mark = message.mark();
        var command = switch (random.nextInt(9)) {
            case 0 -> "STORE " + uid + " +FLAGS (\\Seen)";
            case 1 -> "STORE " + uid + " -FLAGS (\\Seen)";
            case 2 -> "STORE " + uid + " +FLAGS (\\Flagged $Label" + random.nextInt(4) + ")";
            case 3 -> "STORE " + uid + " FLAGS (\\Answered)";
            case 4 -> "STORE " + uid + " +FLAGS (" + ledger.marked(ME, mark) + ")";
            case 5 -> {
                ledger.moved(ME, mark, target);
                yield "MOVE " + uid + " " + target;
            }
            case 6 -> {
                ledger.copied(ME, mark, target);
                yield "COPY " + uid + " " + target;
            }
            case 7 -> {
                ledger.deleted(ME, mark);
                yield "STORE " + uid + " +FLAGS (\\Deleted)";
            }
            default -> {
                ledger.deleted(ME, mark);
                imap.attempt("UID STORE " + uid + " +FLAGS (\\Deleted)");
                yield "EXPUNGE " + uid;
            }
        };
        if (command.contains(" FLAGS (\\Answered")) {
            ledger.unmarked(mark);
        }
        ledger.log(ME, "in " + place + " " + mark + ": " + command);
        imap.attempt("UID " + command);
    }

    @Override
    public void close() {
        imap.close();
    }
}
