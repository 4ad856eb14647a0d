package dev.valija.mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was asked for, message by message, and so all that may have become of each. Messages are named by their marks:
 * a word in the subject that no other message has. Written before the asking, since an answer may be lost.
 */
final class EqualityLedger {

    /** A copy of a message as the server has it in the end. */
    record Found(String mark, String mailbox, Set<String> keywords) {}

    /** What may have become of one message. */
    private static final class Fate {
        final Set<String> places = new HashSet<>();
        final Set<String> keywords = new HashSet<>();
        final Set<String> surelyMarked = new HashSet<>();
        boolean touchedOtherwise;
        boolean mayBeGone;
        int most = 1;
    }

    private record Renaming(String from, String to) {}

    private final Map<String, Fate> fates = new TreeMap<>();
    private final List<Renaming> renamings = new ArrayList<>();
    private final Set<String> unsafe = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private final Map<Long, String> shown = new HashMap<>();
    private final List<String> impostors = new ArrayList<>();
    private int marks;
    private int actions;

    /** A mark for a new message in that mailbox. */
    synchronized String arrives(String mailbox) {
        var mark = "m" + ++marks;
        fate(mark).places.add(mailbox);
        return mark;
    }

    /** A keyword that only this message may get. */
    synchronized String marked(String who, String mark) {
        var keyword = "hit" + ++actions;
        log(who, "mark " + mark + " " + keyword);
        fate(mark).keywords.add(keyword);
        return keyword;
    }

    /** Marking was answered with success. */
    synchronized void surelyMarked(String mark, String keyword) {
        fate(mark).surelyMarked.add(keyword);
    }

    synchronized void moved(String who, String mark, String target) {
        log(who, "move " + mark + " to " + target);
        fate(mark).places.add(target);
        fate(mark).touchedOtherwise = true;
    }

    /** One more of it may come to be, in that mailbox. */
    synchronized void copied(String who, String mark, String target) {
        log(who, "copy " + mark + " to " + target);
        fate(mark).places.add(target);
        fate(mark).most++;
        fate(mark).touchedOtherwise = true;
    }

    /** A mover that copies and then deletes may be stopped in between. */
    synchronized void mayStayBehind(String mark) {
        fate(mark).most++;
    }

    /** Its marks may be gone. */
    synchronized void unmarked(String mark) {
        fate(mark).touchedOtherwise = true;
    }

    synchronized void deleted(String who, String mark) {
        log(who, "delete " + mark);
        fate(mark).mayBeGone = true;
        fate(mark).touchedOtherwise = true;
    }

    /** The mailbox is deleted with what is in it, or made anew from a copy. */
    synchronized void unsafe(String who, String mailbox, String what) {
        log(who, what + " " + mailbox);
        unsafe.add(mailbox);
    }

    synchronized void renamed(String who, String from, String to) {
        log(who, "rename " + from + " to " + to);
        renamings.add(new Renaming(from, to));
    }

    synchronized void log(String who, String what) {
        log.add(who + ": " + what);
    }

    /** The index calls this message so: for good. */
    synchronized void shows(long id, String mark) {
        var before = shown.putIfAbsent(id, mark);
        if (before != null && !before.equals(mark)) {
            impostors.add("id " + id + " was " + before + " and is " + mark);
        }
    }

    synchronized String operations() {
        return String.join("\n", log);
    }

    /** What is there, or is not there, or is marked, though nobody asked for it. */
    synchronized List<String> wrongs(List<Found> found) {
        var wrongs = new ArrayList<>(impostors);
        var copies = new TreeMap<String, List<Found>>();
        fates.keySet().forEach(mark -> copies.put(mark, new ArrayList<>()));
        found.forEach(
                f -> copies.computeIfAbsent(f.mark(), m -> new ArrayList<>()).add(f));
        copies.forEach((mark, all) -> {
            var fate = fate(mark);
            var places = closure(fate.places);
            boolean unsafePlace = places.stream().anyMatch(unsafe::contains);
            for (var copy : all) {
                if (!places.contains(copy.mailbox())) {
                    wrongs.add(mark + " is in " + copy.mailbox() + ", not among " + places);
                }
                var strange = new TreeSet<>(copy.keywords());
                strange.removeIf(k -> !k.startsWith("hit") || fate.keywords.contains(k));
                if (!strange.isEmpty()) {
                    wrongs.add(mark + " has the marks of others: " + strange);
                }
                if (!fate.touchedOtherwise && !unsafePlace && !copy.keywords().containsAll(fate.surelyMarked)) {
                    wrongs.add(mark + " lacks some of " + fate.surelyMarked);
                }
            }
            if (all.isEmpty() && !fate.mayBeGone && !unsafePlace) {
                wrongs.add(mark + " is lost");
            }
            if (all.size() > fate.most) {
                wrongs.add(mark + " is there " + all.size() + " times and not " + fate.most);
            }
        });
        return wrongs;
    }

    private Set<String> closure(Set<String> places) {
        // Two renamings can nest a name in itself for ever; nobody here goes so deep.
        int deepest = 40;
        var closure = new TreeSet<>(places);
        for (int before = 0; before < closure.size(); ) {
            before = closure.size();
            for (var renaming : renamings) {
                for (var place : List.copyOf(closure)) {
                    boolean moves = place.equals(renaming.from()) || place.startsWith(renaming.from() + "/");
                    if (moves && place.length() < deepest) {
                        closure.add(
                                renaming.to() + place.substring(renaming.from().length()));
                    }
                }
            }
        }
        return closure;
    }

    private Fate fate(String mark) {
        return fates.computeIfAbsent(mark, m -> new Fate());
    }
}
