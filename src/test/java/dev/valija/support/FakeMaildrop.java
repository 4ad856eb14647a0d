package dev.valija.support;

import dev.valija.upstream.Maildrop;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What a POP3 server has for somebody, in memory: what is deleted in a session goes when that ends with QUIT. The methods
 * named as sentences are what happens there.
 */
public final class FakeMaildrop {
    private record Held(String uidl, byte[] octets) {}

    private final List<Held> messages = new ArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private int nextUidl = 1;
    private int numbering = 1;
    private boolean locked;
    private String dying = "";
    private int callsLeft;
    private Throwable death;
    private boolean afterwards;
    private Runnable beside = () -> {};
    private Consumer<byte[]> deletions = octets -> {};

    /** A message arrives. @return its UIDL */
    public synchronized String holds(byte[] octets) {
        return holds("u" + nextUidl++, octets);
    }

    /** A message arrives, under that name or none. */
    public synchronized String holds(String uidl, byte[] octets) {
        messages.add(new Held(uidl, octets));
        return uidl;
    }

    public String holds(Mail mail) {
        return holds(mail.bytes());
    }

    /** All messages are called otherwise from now on, in another order. */
    public synchronized void renumbers() {
        numbering++;
        messages.replaceAll(held -> new Held(numbering + "-u" + nextUidl++, held.octets));
        Collections.reverse(messages);
    }

    /** Another message is there under that name. */
    public synchronized void reuses(String uidl, byte[] octets) {
        messages.replaceAll(held -> uidl.equals(held.uidl) ? new Held(uidl, octets) : held);
    }

    /** Another program deletes a message. */
    public synchronized void loses(String uidl) {
        messages.removeIf(held -> uidl.equals(held.uidl));
    }

    /** The server does not give that message any more. */
    public synchronized void refuses(String uidl) {
        refused.add(uidl);
    }

    public synchronized void refusesNothing() {
        refused.clear();
    }

    /** The n-th call of that name from now on is not done, and fails so. */
    public synchronized void failsAt(String call, int n, Throwable how) {
        dying = call;
        callsLeft = n;
        death = how;
        afterwards = false;
    }

    /** The n-th call of that name from now on is done, and then fails so. */
    public synchronized void failsAfter(String call, int n, Throwable how) {
        failsAt(call, n, how);
        afterwards = true;
    }

    /** Runs before each message that is given. */
    public synchronized void meanwhile(Runnable work) {
        beside = work;
    }

    /** Is told of each message that is to be deleted, before it is. */
    public synchronized void onDelete(Consumer<byte[]> listener) {
        deletions = listener;
    }

    /** What is there, by UIDL. */
    public synchronized List<String> uidls() {
        return messages.stream().map(Held::uidl).toList();
    }

    /** Commands so far, each with the UIDL it is about. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    <T, X extends Exception> T session(dev.valija.upstream.Upstream.MaildropWork<T, X> work) throws X {
        synchronized (this) {
            if (locked) {
                throw new UpstreamException.Unavailable("in use", null);
            }
            locked = true;
        }
        try {
            return work.with(new Session());
        } finally {
            synchronized (this) {
                locked = false;
            }
        }
    }

    private synchronized void called(String name, String uidl, boolean done) {
        if (!done) {
            calls.add(uidl == null ? name : name + " " + uidl);
        }
        if (name.equals(dying) && afterwards == done && --callsLeft == 0) {
            dying = "";
            if (death instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) death;
        }
    }

    private final class Session implements Maildrop {
        private final List<Held> listed;
        private final Set<Held> deleted = new HashSet<>();
        private boolean over;

        Session() {
            synchronized (FakeMaildrop.this) {
                listed = List.copyOf(messages);
            }
        }

        @Override
        public void check() {
            called("check", null, false);
        }

        @Override
        public List<Entry> list() {
            called("list", null, false);
            var names = listed.stream().map(Held::uidl).toList();
            var entries = new ArrayList<Entry>();
            for (int i = 0; i < listed.size(); i++) {
                var name = names.get(i);
                boolean ambiguous = Collections.frequency(names, name) > 1;
                entries.add(new Entry(i + 1, ambiguous ? null : name, listed.get(i).octets.length));
            }
            return entries;
        }

        @Override
        public void retrieve(Entry message, OutputStream out) throws IOException {
            beside.run();
            requireOpen();
            called("retrieve", message.uidl(), false);
            var held = listed.get(message.number() - 1);
            synchronized (FakeMaildrop.this) {
                if (refused.contains(held.uidl)) {
                    throw new UpstreamException.NotFound("the server does not give it");
                }
            }
            int half = held.octets.length / 2;
            out.write(Arrays.copyOf(held.octets, half));
            out.write(held.octets, half, held.octets.length - half);
            called("retrieve", message.uidl(), true);
        }

        @Override
        public void delete(Entry message) {
            requireOpen();
            called("delete", message.uidl(), false);
            deletions.accept(listed.get(message.number() - 1).octets);
            deleted.add(listed.get(message.number() - 1));
            called("delete", message.uidl(), true);
        }

        @Override
        public void quit() {
            requireOpen();
            called("quit", null, false);
            over = true;
            synchronized (FakeMaildrop.this) {
                deleted.forEach(gone -> messages.removeIf(held -> held == gone));
            }
            called("quit", null, true);
        }

        private void requireOpen() {
            if (over) {
                throw new UpstreamException.Unavailable("over", null);
            }
        }
    }
}
