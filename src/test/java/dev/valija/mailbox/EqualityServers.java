package dev.valija.mailbox;

import dev.valija.support.DovecotServer;
import java.util.EnumMap;
import java.util.Map;

/** A Dovecot for each rung of the ladder by which changes are found, started when first needed. */
final class EqualityServers implements AutoCloseable {
    private static final String FOLDERS = """
            mail_location = sdbox:~/sdbox
            """;
    private static final String BASICS =
            "IMAP4rev1 SASL-IR ID ENABLE IDLE NAMESPACE UNSELECT LITERAL+ SORT LIST-EXTENDED LIST-STATUS SPECIAL-USE";

    /** What the server lets on to be able to do. */
    enum Rung {
        QRESYNC(""),
        CONDSTORE(BASICS + " UIDPLUS MOVE ESEARCH NOTIFY CONDSTORE"),
        FETCH(BASICS + " UIDPLUS MOVE ESEARCH"),
        /** Nothing beyond RFC 3501. */
        BARE("IMAP4rev1 IDLE");

        private final String capabilities;

        Rung(String capabilities) {
            this.capabilities = capabilities;
        }

        boolean tellsModSeq() {
            return this == QRESYNC || this == CONDSTORE;
        }

        boolean movesAtOnce() {
            return this != BARE;
        }

        String configuration() {
            return FOLDERS + (capabilities.isEmpty() ? "" : "imap_capability = " + capabilities + "\n");
        }

        static Rung of(long seed) {
            return values()[(int) (seed / 6 % 4)];
        }
    }

    private final Map<Rung, DovecotServer> servers = new EnumMap<>(Rung.class);

    DovecotServer of(Rung rung) {
        return servers.computeIfAbsent(rung, r -> DovecotServer.start(r.configuration()));
    }

    @Override
    public void close() {
        servers.values().forEach(DovecotServer::close);
    }
}
