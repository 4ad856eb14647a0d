package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a client learns of what another client did: an index kept by {@code changes} is right at every step. */
interface ChangesContract extends StoreFixture {

    @Test
    default void theFirstAnswerIsEverything() {
        var one = put(INBOX, Mails.plain("One"), Keyword.SEEN);
        var two = put(INBOX, Mails.plain("Two"));
        var changes = store(store -> store.changes(INBOX, null));
        assertThat(changes).isInstanceOf(Changes.Snapshot.class);
        assertThat(((Changes.Snapshot) changes).all())
                .containsExactly(new Changes.Entry(one, Set.of(Keyword.SEEN)), new Changes.Entry(two, Set.of()));
    }

    @Test
    default void theFingerprintIsThatOfAllMessages() {
        assertThat(fingerprint()).isEqualTo(Fingerprint.of(List.of()));
        put(INBOX, Mails.plain("One"), Keyword.SEEN);
        var two = put(INBOX, Mails.plain("Two"));
        put(INBOX, Mails.plain("Three"));
        elsewhere(store -> store.delete(INBOX, List.of(two)));
        assertThat(fingerprint()).isEqualTo(Fingerprint.of(ids(INBOX)));
        assertThat(ids(INBOX)).hasSize(2);
    }

    private Fingerprint fingerprint() {
        return store(store -> store.fingerprint(INBOX));
    }

    @Test
    default void anEmptyMailboxHasAStateToo() {
        var mirror = new Mirror();
        follow(mirror, INBOX);
        assertThat(mirror.messages).isEmpty();
        var one = put(INBOX, Mails.plain("One"));
        follow(mirror, INBOX);
        assertThat(mirror.messages).containsOnlyKeys(one);
    }

    @Test
    default void withoutChangesNothingIsTold() {
        put(INBOX, Mails.plain("One"));
        var mirror = new Mirror();
        follow(mirror, INBOX);
        var before = mirror.messages.toString();
        follow(mirror, INBOX);
        assertThat(mirror.messages).hasToString(before);
        if (can(Capability.INCREMENTAL_CHANGES)) {
            assertThat(mirror.last).isInstanceOfSatisfying(Changes.Delta.class, delta -> {
                assertThat(delta.added()).isEmpty();
                assertThat(delta.changed()).isEmpty();
                assertThat(delta.vanished()).isEmpty();
            });
        }
    }

    @Test
    default void mailThatCameElsewhereIsTold() throws Exception {
        var one = put(INBOX, Mails.plain("One"));
        var mirror = new Mirror();
        follow(mirror, INBOX);

        var mail = Mails.plain("Two");
        elsewhere(store -> store.append(INBOX, mail.stream(), mail.size(), Set.of(Keyword.FLAGGED), Mails.NOON));
        follow(mirror, INBOX);

        assertThat(mirror.messages).hasSize(2).containsKey(one).containsValue(Set.of(Keyword.FLAGGED));
        assertRight(mirror, INBOX);
        if (can(Capability.INCREMENTAL_CHANGES)) {
            assertThat(mirror.last)
                    .isInstanceOfSatisfying(
                            Changes.Delta.class,
                            delta -> assertThat(delta.added()).hasSize(1).doesNotContain(one));
        }
    }

    @Test
    default void keywordsChangedElsewhereAreTold() {
        var one = put(INBOX, Mails.plain("One"), Keyword.FLAGGED);
        var two = put(INBOX, Mails.plain("Two"));
        var mirror = new Mirror();
        follow(mirror, INBOX);

        elsewhere(store -> store.changeKeywords(INBOX, List.of(one), Set.of(Keyword.SEEN), Set.of(Keyword.FLAGGED)));
        follow(mirror, INBOX);

        assertThat(mirror.messages).containsEntry(one, Set.of(Keyword.SEEN)).containsEntry(two, Set.of());
        if (can(Capability.INCREMENTAL_CHANGES)) {
            assertThat(mirror.last)
                    .isInstanceOfSatisfying(
                            Changes.Delta.class,
                            delta -> assertThat(delta.changed()).containsOnlyKeys(one));
        }
    }

    @Test
    default void messagesExpungedElsewhereAreTold() {
        var one = put(INBOX, Mails.plain("One"));
        var two = put(INBOX, Mails.plain("Two"));
        var three = put(INBOX, Mails.plain("Three"));
        var mirror = new Mirror();
        follow(mirror, INBOX);

        elsewhere(store -> store.delete(INBOX, List.of(one, two)));
        follow(mirror, INBOX);

        assertThat(mirror.messages).containsOnlyKeys(three);
    }

    @Test
    default void allAtOnceIsToldToo() {
        run(store -> store.createMailbox("Projects"));
        var one = put(INBOX, Mails.plain("One"));
        var two = put(INBOX, Mails.plain("Two"));
        var three = put(INBOX, Mails.plain("Three"));
        var mirror = new Mirror();
        follow(mirror, INBOX);

        var mail = Mails.plain("Four");
        elsewhere(store -> {
            store.move(INBOX, List.of(two), "Projects");
            store.append(INBOX, mail.stream(), mail.size(), Set.of(), null);
            store.changeKeywords(INBOX, List.of(three), Set.of(Keyword.SEEN), Set.of());
            store.delete(INBOX, List.of(one));
        });
        follow(mirror, INBOX);

        assertThat(mirror.messages).hasSize(2).containsEntry(three, Set.of(Keyword.SEEN));
        assertRight(mirror, INBOX);
    }

    @Test
    default void oneThatCameAndWentIsNoMatter() {
        var mirror = new Mirror();
        put(INBOX, Mails.plain("One"));
        follow(mirror, INBOX);
        var brief = put(INBOX, Mails.plain("Brief"));
        elsewhere(store -> store.delete(INBOX, List.of(brief)));
        follow(mirror, INBOX);
        assertThat(mirror.messages).hasSize(1).doesNotContainKey(brief);
        assertRight(mirror, INBOX);
    }

    @Test
    default void aMailboxMadeAnewUnderAnOldNameIsReadAnew() {
        run(store -> store.createMailbox("Projects"));
        put("Projects", Mails.plain("Old one"));
        put("Projects", Mails.plain("Old two"));
        var mirror = new Mirror();
        follow(mirror, "Projects");

        elsewhere(store -> {
            store.deleteMailbox("Projects");
            store.createMailbox("Projects");
        });
        put("Projects", Mails.plain("New"));
        follow(mirror, "Projects");

        assertThat(mirror.messages).hasSize(1);
        assertRight(mirror, "Projects");
        assertThat(row("Projects", mirror.messages.keySet().iterator().next())
                        .envelope()
                        .subject())
                .isEqualTo("New");
    }

    /** As the index does it: changes, then the rows of what was added. */
    private void follow(Mirror mirror, String mailbox) {
        mirror.apply(store(store -> store.changes(mailbox, mirror.state)));
        if (mirror.last instanceof Changes.Delta delta && !delta.added().isEmpty()) {
            run(store -> mirror.complete(row -> store.fetch(mailbox, delta.added(), row)));
        }
    }

    private void assertRight(Mirror mirror, String mailbox) {
        assertThat(mirror.messages).isEqualTo(everything(mailbox));
    }
}
