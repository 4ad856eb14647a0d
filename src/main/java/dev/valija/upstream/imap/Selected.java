package dev.valija.upstream.imap;

import dev.valija.upstream.RemoteId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a connection knows of the mailbox it has selected (RFC 9051 6.3.2); kept current by whatever arrives later. */
final class Selected {
    /** More than any server lets be made up; of the others we do not know that they are kept. */
    private static final int MOST_FLAGS = 1000;

    private final String mailbox;
    private long validity;
    private long uidNext;
    private long heardOf;
    private long modSeq;
    private int exists;
    private boolean readOnly;
    private @Nullable Set<String> permanentFlags;

    Selected(String mailbox) {
        this.mailbox = mailbox;
    }

    String mailbox() {
        return mailbox;
    }

    long validity() {
        return validity;
    }

    /** Whether these ids are all of this numbering. */
    boolean numbers(Collection<RemoteId> ids) {
        return ids.stream().allMatch(id -> Uids.validity(id) == validity);
    }

    /** Or 0 where the server does not say. */
    long uidNext() {
        return uidNext;
    }

    /** Whether a message of that UID, if there is one, is known to this connection. */
    boolean knows(long uid) {
        return uid < uidNext || uid <= heardOf;
    }

    /** What has come up to that UID has been told. */
    void heardOf(long uid) {
        heardOf = Math.max(heardOf, uid);
    }

    /** HIGHESTMODSEQ, or 0 where the mailbox has none (RFC 7162 3.1.2.2 NOMODSEQ). */
    long modSeq() {
        return modSeq;
    }

    int exists() {
        return exists;
    }

    boolean readOnly() {
        return readOnly;
    }

    /** Whether any keyword may be made up here; a server that says nothing about flags keeps all (RFC 9051 7.1). */
    boolean keepsAnyKeyword() {
        return permanentFlags == null || permanentFlags.contains("\\*");
    }

    boolean keeps(String flag) {
        return keepsAnyKeyword() || (permanentFlags != null && permanentFlags.contains(flag.toLowerCase(Locale.ROOT)));
    }

    /** Takes note of an untagged response. */
    void note(Line line) {
        if (line.is("EXISTS")) {
            exists = Math.max(0, line.getNumber());
        } else if (line.is("EXPUNGE")) {
            exists = Math.max(0, exists - 1);
        } else if (line.is("VANISHED")) {
            Tokens tokens = line.tokens();
            if (!tokens.take('(')) {
                exists = (int) Math.max(0, exists - Uids.count(tokens.atom()));
            }
        } else if (line.isOK()) {
            code(line);
        }
    }

    /** Forgets what was said so far. */
    void reset() {
        exists = 0;
        validity = 0;
        uidNext = 0;
        modSeq = 0;
        permanentFlags = null;
    }

    /** Takes note of the tagged answer to SELECT. */
    void opened(Line line) {
        readOnly = "READ-ONLY".equals(line.code());
    }

    private void code(Line line) {
        String code = line.code();
        if (code == null) {
            return;
        }
        switch (code) {
            case "UIDVALIDITY" -> validity = numbering(line);
            case "UIDNEXT" -> uidNext = numbering(line);
            case "HIGHESTMODSEQ" -> modSeq = Math.max(0, line.codeArguments().number());
            case "NOMODSEQ" -> modSeq = 0;
            case "PERMANENTFLAGS" -> {
                var flags = new HashSet<String>();
                for (Object flag : Tokens.list(line.codeArguments().value())) {
                    String text = Tokens.text(flag);
                    if (text != null && flags.size() < MOST_FLAGS) {
                        flags.add(text.toLowerCase(Locale.ROOT));
                    }
                }
                permanentFlags = flags;
            }
            default -> {}
        }
    }

    private static long numbering(Line line) {
        long number = line.codeArguments().number();
        if (!Uids.isNumber(number)) {
            throw Tokens.malformed();
        }
        return number;
    }
}
