package dev.valija.support;

import dev.valija.message.BodyPart;
import dev.valija.message.Keyword;
import dev.valija.message.MimeReader;
import dev.valija.support.FakeMailbox.Held;
import dev.valija.upstream.Capability;
import dev.valija.upstream.Changes;
import dev.valija.upstream.Fingerprint;
import dev.valija.upstream.MailStore;
import dev.valija.upstream.MailboxRole;
import dev.valija.upstream.MessageSource;
import dev.valija.upstream.RemoteId;
import dev.valija.upstream.RemoteMailbox;
import dev.valija.upstream.RemoteMessage;
import dev.valija.upstream.SearchQuery;
import dev.valija.upstream.SortOrder;
import dev.valija.upstream.SyncState;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A user's mail at a provider, in memory. The port's methods are what Valija does; the methods named as sentences
 * ({@code holds}, {@code expunges} …) are what the test or another mail program does there. Watchers see both.
 */
public final class FakeMailStore implements MailStore {
    public static final String INBOX = "INBOX";

    private final Map<String, FakeMailbox> mailboxes = new TreeMap<>();
    private final Set<Capability> capabilities = EnumSet.allOf(Capability.class);
    private final Set<String> hidden = new HashSet<>();
    private final Map<RemoteId, FakeMailbox.Held> mistaken = new HashMap<>();
    private final Map<RemoteId, FakeMailbox.Held> rowsMistaken = new HashMap<>();
    /** Names that mailboxes had before they were renamed. */
    private final Set<String> left = new HashSet<>();

    private String heldBack;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile Consumer<Lookback> lookBacks = stretch -> {};
    private boolean tellsNewIds = true;
    private boolean full;
    private UpstreamException fault;
    private String failing;
    private int callsLeft;
    private UpstreamException failure;
    private Interruption interruption;

    public FakeMailStore() {
        capabilities.remove(Capability.PREVIEW);
        mailboxes.put(INBOX, new FakeMailbox(MailboxRole.INBOX));
        mailboxes.put("Drafts", new FakeMailbox(MailboxRole.DRAFTS));
        mailboxes.put("Sent", new FakeMailbox(MailboxRole.SENT));
        mailboxes.put("Archive", new FakeMailbox(MailboxRole.ARCHIVE));
        mailboxes.put("Junk", new FakeMailbox(MailboxRole.JUNK));
        mailboxes.put("Trash", new FakeMailbox(MailboxRole.TRASH));
    }

    /** A message is in INBOX, received when it was sent. */
    public RemoteId holds(Mail mail, Keyword... keywords) {
        return holds(INBOX, mail, keywords);
    }

    /** A message is in that mailbox, received when it was sent. */
    public RemoteId holds(String mailbox, Mail mail, Keyword... keywords) {
        var sentAt = new ParsedMail(mail.bytes()).envelope.sentAt();
        return receives(mailbox, mail.bytes(), sentAt == null ? Mails.NOON : sentAt, Set.of(keywords));
    }

    /** Such octets arrive in that mailbox. */
    public synchronized RemoteId receives(String mailbox, byte[] message, Instant receivedAt, Set<Keyword> keywords) {
        var id = require(mailbox).add(new Held(message, receivedAt, keywords));
        tell(mailbox);
        return id;
    }

    /** Another program deletes messages for ever. */
    public synchronized void expunges(String mailbox, RemoteId... ids) {
        Arrays.asList(ids).forEach(require(mailbox)::remove);
        tell(mailbox);
    }

    public synchronized void marks(String mailbox, RemoteId id, Keyword... keywords) {
        require(mailbox).mark(id, Set.of(keywords), Set.of());
        tell(mailbox);
    }

    public synchronized void unmarks(String mailbox, RemoteId id, Keyword... keywords) {
        require(mailbox).mark(id, Set.of(), Set.of(keywords));
        tell(mailbox);
    }

    /** UIDVALIDITY changes: all messages of the mailbox get new ids. */
    public synchronized void renumbers(String mailbox) {
        require(mailbox).renumber();
        tell(mailbox);
    }

    /** The mailbox is listed, and not there for the next {@code changes}. */
    public synchronized void hidesOnce(String mailbox) {
        hidden.add(mailbox);
    }

    /** As {@link #renumbers}, and tells nobody. */
    public synchronized void renumbersQuietly(String mailbox) {
        require(mailbox).renumber();
    }

    /** Whoever asks by that id gets the other message from now on. */
    public synchronized void mistakes(RemoteId id, Mail other) {
        mistaken.put(id, new FakeMailbox.Held(other.bytes(), Mails.NOON, Set.of()));
    }

    /** Whoever fetches the row of that id gets that of the other message from now on. */
    public synchronized void mistakesRow(RemoteId id, Mail other) {
        rowsMistaken.put(id, new FakeMailbox.Held(other.bytes(), Mails.NOON, Set.of()));
    }

    /** The next {@code changes} of the mailbox is a snapshot, with the ids as they are. */
    public synchronized void forgetsStates(String mailbox) {
        require(mailbox).forgetStates();
    }

    public synchronized void lacks(Capability... missing) {
        Arrays.asList(missing).forEach(capabilities::remove);
    }

    /** No COPYUID and no APPENDUID from now on. */
    public synchronized void hidesNewIds() {
        tellsNewIds = false;
    }

    /** Nothing more can be stored. */
    public synchronized void isFull() {
        full = true;
    }

    /** Is told of each stretch before it is looked through; may take its time. */
    public void onLookBack(Consumer<Lookback> listener) {
        lookBacks = listener;
    }

    /** Every call fails so, until given null. */
    public synchronized void failsWith(UpstreamException exception) {
        fault = exception;
    }

    /** Only the n-th call of that name from now on fails. */
    public synchronized void failsAt(String call, int n, UpstreamException exception) {
        failing = call;
        callsLeft = n;
        failure = exception;
    }

    /** Calls of that name, as {@link #calls} gives it, are not answered until {@link #letsGo}. */
    public synchronized void holdsBack(String call) {
        heldBack = call;
    }

    public synchronized void letsGo() {
        heldBack = null;
        notifyAll();
    }

    /** The next call of that method does its work for so many messages, and then the connection is lost. */
    public synchronized void breaksOff(String method, int messages) {
        interruption = new Interruption(method, messages, new UpstreamException.Unavailable("lost", null));
    }

    /** The next call of that method does its work, and nobody is there any more to hear of it. */
    public synchronized void outlives(String method) {
        interruption = new Interruption(method, Integer.MAX_VALUE, new AssertionError("killed"));
    }

    /** Nobody dies any more of what has not happened. */
    public synchronized void livesOn() {
        interruption = null;
    }

    private record Interruption(String method, int messages, Throwable end) {}

    /** Those of the messages that a call gets done. */
    private Collection<RemoteId> reached(String method, Collection<RemoteId> ids) {
        return interruption != null && interruption.method().equals(method)
                ? ids.stream().sorted().limit(interruption.messages()).toList()
                : ids;
    }

    private void answer(String method) {
        var now = interruption;
        if (now != null && now.method().equals(method)) {
            interruption = null;
            if (now.end() instanceof UpstreamException lost) {
                throw lost;
            }
            throw (Error) now.end();
        }
    }

    /** What the mailbox holds, oldest first. */
    public synchronized List<RemoteMessage> messages(String mailbox) {
        var held = require(mailbox);
        return held.messages.keySet().stream().map(held::row).toList();
    }

    /** The octets of a message it holds. */
    public synchronized byte[] bytes(String mailbox, RemoteId id) {
        return require(mailbox, id).bytes;
    }

    /** The names of the port's methods called so far, each with its mailbox: for tests of how often the way is gone. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    void offChange(Consumer<String> listener) {
        listeners.remove(listener);
    }

    @Override
    public synchronized Set<Capability> capabilities() {
        return Set.copyOf(capabilities);
    }

    @Override
    public synchronized List<RemoteMailbox> mailboxes() {
        called("mailboxes");
        return mailboxes.entrySet().stream()
                .map(e -> e.getValue().listed(e.getKey()))
                .toList();
    }

    @Override
    public synchronized void createMailbox(String mailbox) {
        called("createMailbox " + mailbox);
        var old = mailboxes.get(mailbox);
        if (old != null && old.selectable) {
            throw new UpstreamException.AlreadyExists("there is a mailbox of that name");
        }
        for (int i = mailbox.indexOf('/'); i > 0; i = mailbox.indexOf('/', i + 1)) {
            mailboxes.computeIfAbsent(mailbox.substring(0, i), name -> pureParent());
        }
        mailboxes.put(mailbox, new FakeMailbox(mailbox.equals("Snoozed") ? MailboxRole.SNOOZED : null));
        tell(null);
    }

    @Override
    public synchronized void renameMailbox(String from, String to) {
        called("renameMailbox " + from);
        require(from);
        if (mailboxes.containsKey(to)) {
            throw new UpstreamException.AlreadyExists("there is a mailbox of that name");
        }
        for (var name : List.copyOf(mailboxes.keySet())) {
            if (name.equals(from) || name.startsWith(from + "/")) {
                var box = mailboxes.remove(name);
                var taken = to + name.substring(from.length());
                mailboxes.put(taken, box);
                left.add(name);
                if (left.contains(taken)) {
                    box.renumber(); // servers tell two mailboxes of one name apart by their UIDVALIDITY
                }
            }
        }
        tell(null);
    }

    @Override
    public synchronized void deleteMailbox(String mailbox) {
        called("deleteMailbox " + mailbox);
        require(mailbox);
        if (mailbox.equals(INBOX)) {
            throw new UpstreamException.NotSupported("INBOX stays", null);
        }
        mailboxes.remove(mailbox);
        if (mailboxes.keySet().stream().anyMatch(name -> name.startsWith(mailbox + "/"))) {
            mailboxes.put(mailbox, pureParent());
        }
        tell(null);
    }

    @Override
    public synchronized void subscribe(String mailbox, boolean subscribed) {
        called("subscribe " + mailbox);
        require(mailbox).subscribed = subscribed;
        tell(null);
    }

    @Override
    public synchronized Changes changes(String mailbox, SyncState since) {
        called("changes " + mailbox);
        if (hidden.remove(mailbox)) {
            throw new UpstreamException.NotFound("deleted under us");
        }
        return require(mailbox).changes(since);
    }

    @Override
    public synchronized Fingerprint fingerprint(String mailbox) {
        called("fingerprint " + mailbox);
        return Fingerprint.of(require(mailbox).messages.keySet());
    }

    @Override
    public synchronized Newest newest(String mailbox, int limit) {
        called("newest " + mailbox);
        var held = require(mailbox);
        var rows = held.messages.descendingKeySet().stream()
                .limit(limit)
                .map(held::row)
                .toList();
        return new Newest(held.messages.size(), rows);
    }

    @Override
    public void fetch(String mailbox, Collection<RemoteId> ids, Consumer<RemoteMessage> row) {
        List<RemoteMessage> rows;
        synchronized (this) {
            called("fetch " + mailbox);
            var held = require(mailbox);
            rows = ids.stream()
                    .filter(held.messages::containsKey)
                    .map(id -> rowsMistaken.containsKey(id) ? FakeMailbox.row(id, rowsMistaken.get(id)) : held.row(id))
                    .toList();
        }
        rows.forEach(row);
        answer("fetch");
    }

    @Override
    public synchronized Window search(String mailbox, SearchQuery query, SortOrder order, int offset, int limit) {
        called("search " + mailbox);
        var byArrival = order.property() == SortOrder.Property.RECEIVED_AT;
        if (!byArrival && !capabilities.contains(Capability.SORT)) {
            throw new UpstreamException.NotSupported("no SORT", null);
        }
        var held = require(mailbox);
        Comparator<Map.Entry<RemoteId, Held>> comparator =
                Comparator.comparing(Map.Entry::getValue, FakeSearch.comparator(order));
        var found = held.messages.entrySet().stream()
                .filter(e -> query == null || FakeSearch.matches(query, e.getValue()))
                .sorted(comparator)
                .map(Map.Entry::getKey)
                .toList();
        return new Window(found.stream().skip(offset).limit(limit).toList(), found.size());
    }

    @Override
    public LookedAt lookBack(String mailbox, SearchQuery query, Lookback stretch) {
        called("lookBack " + mailbox);
        lookBacks.accept(stretch);
        synchronized (this) {
            var messages = require(mailbox).messages;
            var earlier = stretch.before() == null ? messages : messages.headMap(stretch.before(), false);
            var some =
                    earlier.descendingKeySet().stream().limit(stretch.count()).toList();
            var found = some.reversed().stream()
                    .filter(id -> FakeSearch.matches(query, messages.get(id)))
                    .toList();
            int left = earlier.size() - some.size();
            return new LookedAt(found, left == 0 ? null : some.getLast(), left);
        }
    }

    @Override
    public synchronized MessageSource open(String mailbox, RemoteId id, BodyPart structure) {
        called("open " + mailbox);
        var other = mistaken.get(id);
        var parsed = (other == null ? require(mailbox, id) : other).parsed;
        if (other == null && MimeReader.read(bytes(mailbox, id)).isOverBudget()) {
            throw new UpstreamException.NotSupported("too many parts", null);
        }
        var parts = new LinkedHashMap<String, byte[]>();
        var sections = MessageSource.Sections.of(parsed.structure);
        sections.texts().forEach(section -> parts.put(section, beginning(parsed.encoded(section))));
        sections.containers().forEach(section -> parts.put(section, parsed.encoded(section)));
        return new MessageSource(parsed.header, parsed.structure, parts);
    }

    private static byte[] beginning(byte[] text) {
        return text == null || text.length <= MessageSource.LONGEST_TEXT
                ? text
                : Arrays.copyOf(text, MessageSource.LONGEST_TEXT);
    }

    @Override
    public void writePart(String mailbox, RemoteId id, BodyPart part, OutputStream out) throws IOException {
        byte[] content;
        synchronized (this) {
            called("writePart " + mailbox);
            content = require(mailbox, id).parsed.decoded(part.partId());
        }
        if (content == null) {
            throw new UpstreamException.NotFound("no such part");
        }
        out.write(content);
    }

    @Override
    public synchronized Map<String, byte[]> beginnings(
            String mailbox, RemoteId id, Collection<BodyPart> parts, int octets) {
        called("beginnings " + mailbox);
        var parsed = require(mailbox, id).parsed;
        var beginnings = new HashMap<String, byte[]>();
        for (var part : parts) {
            var content = parsed.decoded(part.partId());
            if (content != null) {
                beginnings.put(part.partId(), Arrays.copyOf(content, Math.min(content.length, octets)));
            }
        }
        return beginnings;
    }

    @Override
    public void writeRaw(String mailbox, RemoteId id, OutputStream out) throws IOException {
        called("writeRaw " + mailbox);
        out.write(bytes(mailbox, id));
    }

    @Override
    public synchronized Map<RemoteId, String> previews(String mailbox, Collection<RemoteId> ids) {
        called("previews " + mailbox);
        var held = require(mailbox);
        var previews = new HashMap<RemoteId, String>();
        ids.stream().filter(held.messages::containsKey).forEach(id -> {
            var text = held.messages.get(id).parsed.text().strip().replaceAll("\\s+", " ");
            previews.put(id, text.substring(0, Math.min(256, text.length())));
        });
        return previews;
    }

    @Override
    public synchronized void changeKeywords(
            String mailbox, Collection<RemoteId> ids, Set<Keyword> add, Set<Keyword> remove) {
        called("changeKeywords " + mailbox);
        var held = require(mailbox);
        held.requireOfThisNumbering(ids);
        reached("changeKeywords", ids).forEach(id -> held.mark(id, add, remove));
        tell(mailbox);
        answer("changeKeywords");
    }

    @Override
    public synchronized Map<RemoteId, RemoteId> move(String mailbox, Collection<RemoteId> ids, String target) {
        called("move " + mailbox);
        require(mailbox).requireOfThisNumbering(ids);
        var moved = transfer(mailbox, reached("move", ids), target);
        moved.keySet().forEach(require(mailbox)::remove);
        tell(mailbox);
        answer("move");
        return tellsNewIds ? moved : Map.of();
    }

    @Override
    public synchronized Map<RemoteId, RemoteId> copy(String mailbox, Collection<RemoteId> ids, String target) {
        called("copy " + mailbox);
        require(mailbox).requireOfThisNumbering(ids);
        var copied = transfer(mailbox, reached("copy", ids), target);
        answer("copy");
        return tellsNewIds ? copied : Map.of();
    }

    @Override
    public synchronized void delete(String mailbox, Collection<RemoteId> ids) {
        called("delete " + mailbox);
        require(mailbox).requireOfThisNumbering(ids);
        reached("delete", ids).forEach(require(mailbox)::remove);
        tell(mailbox);
        answer("delete");
    }

    @Override
    public RemoteId append(String mailbox, InputStream message, long size, Set<Keyword> keywords, Instant receivedAt)
            throws IOException {
        called("append " + mailbox);
        var bytes = message.readAllBytes();
        if (bytes.length != size) {
            throw new IOException("announced %d octets and gave %d".formatted(size, bytes.length));
        }
        synchronized (this) {
            checkSpace();
            var id = receives(mailbox, bytes, Objects.requireNonNullElse(receivedAt, Instant.now()), keywords);
            answer("append");
            return tellsNewIds ? id : null;
        }
    }

    @Override
    public synchronized List<RemoteId> findByMessageId(String mailbox, String messageId) {
        called("findByMessageId " + mailbox);
        return require(mailbox).messages.entrySet().stream()
                .filter(e -> messageId.equals(e.getValue().parsed.envelope.messageId()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized List<RemoteId> findByResentMessageId(String mailbox, String messageId) {
        called("findByResentMessageId " + mailbox);
        String field = "Resent-Message-ID: <" + messageId + ">";
        return require(mailbox).messages.entrySet().stream()
                .filter(e -> new String(e.getValue().bytes, StandardCharsets.ISO_8859_1).contains(field))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Map<RemoteId, RemoteId> transfer(String mailbox, Collection<RemoteId> ids, String target) {
        var source = require(mailbox);
        var destination = require(target);
        checkSpace();
        var transferred = new LinkedHashMap<RemoteId, RemoteId>();
        ids.stream().filter(source.messages::containsKey).sorted().toList().forEach(id -> {
            var held = source.messages.get(id);
            transferred.put(id, destination.add(new Held(held.bytes, held.receivedAt, held.keywords)));
        });
        tell(target);
        return transferred;
    }

    private void checkSpace() {
        if (full) {
            throw new UpstreamException.OverQuota("the mailbox is full");
        }
    }

    private void called(String method) {
        calls.add(method);
        synchronized (this) {
            while (method.equals(heldBack)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new UpstreamException.Unavailable("interrupted", e);
                }
            }
            if (method.equals(failing) && --callsLeft == 0) {
                throw failure;
            }
            if (fault != null) {
                throw fault;
            }
        }
    }

    private FakeMailbox require(String mailbox) {
        var held = mailboxes.get(mailbox);
        if (held == null || !held.selectable) {
            throw new UpstreamException.NotFound("no such mailbox");
        }
        return held;
    }

    private Held require(String mailbox, RemoteId id) {
        var held = require(mailbox).messages.get(id);
        if (held == null) {
            throw new UpstreamException.NotFound("no such message");
        }
        return held;
    }

    private static FakeMailbox pureParent() {
        var parent = new FakeMailbox(null);
        parent.selectable = false;
        parent.subscribed = false;
        return parent;
    }

    private void tell(String mailbox) {
        listeners.forEach(listener -> listener.accept(mailbox));
    }
}
