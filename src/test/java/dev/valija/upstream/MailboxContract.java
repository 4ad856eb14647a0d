package dev.valija.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.message.Keyword;
import dev.valija.support.Mails;
import dev.valija.upstream.SortOrder.Property;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of mailboxes. */
interface MailboxContract extends StoreFixture {

    @Test
    default void theInboxIsAlwaysThere() {
        var inbox = listed(INBOX);
        assertThat(inbox.role()).isEqualTo(MailboxRole.INBOX);
        assertThat(inbox.selectable()).isTrue();
        assertThat(inbox.total()).isZero();
    }

    @Test
    default void aMailboxMadeIsListedAndSubscribed() {
        run(store -> store.createMailbox("Projects"));
        var made = listed("Projects");
        assertThat(made.selectable()).isTrue();
        assertThat(made.subscribed()).isTrue();
        assertThat(made.role()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Büro & Café", "日本語", "Проекты", "ארכיון", "📬 Post", "a+b-&-c"})
    default void aMailboxMayBeCalledAnything(String name) {
        run(store -> store.createMailbox(name));
        put(name, Mails.plain("Hello"));
        assertThat(listed(name).total()).isEqualTo(1);
    }

    @Test
    default void mailboxesNest() {
        var deep = path("Projects", "2026", "März");
        run(store -> {
            store.createMailbox("Projects");
            store.createMailbox(path("Projects", "2026"));
            store.createMailbox(deep);
        });
        put(deep, Mails.plain("Hello"));
        assertThat(names()).contains("Projects", path("Projects", "2026"), deep);
        assertThat(listed(deep).total()).isEqualTo(1);
        assertThat(listed("Projects").total()).isZero();
    }

    @Test
    default void aMailboxIsNotMadeTwice() {
        run(store -> store.createMailbox("Projects"));
        assertThatThrownBy(() -> run(store -> store.createMailbox("Projects")))
                .isInstanceOf(UpstreamException.AlreadyExists.class);
    }

    @Test
    default void theListTellsOfMailThatCameToAMailboxJustRead() {
        put(INBOX, Mails.plain("One"));
        assertThat(ids(INBOX)).hasSize(1);
        var two = Mails.plain("Two");

        elsewhere(store -> store.append(INBOX, two.stream(), two.size(), Set.of(), null));

        assertThat(listed(INBOX).total()).isEqualTo(2);
    }

    @Test
    default void theListTellsOfTheMailboxThatHasTakenAnothersPlace() {
        run(store -> store.createMailbox("Projects"));
        put("Projects", Mails.plain("Hello"));
        assertThat(ids("Projects")).hasSize(1);

        elsewhere(store -> {
            store.deleteMailbox("Projects");
            store.createMailbox("Projects");
        });

        assertThat(listed("Projects").total()).isZero();
    }

    @Test
    default void renamingTakesAlongWhatIsBeneath() {
        run(store -> {
            store.createMailbox("Work");
            store.createMailbox(path("Work", "Reports"));
        });
        put("Work", Mails.plain("One"));
        put(path("Work", "Reports"), Mails.plain("Two"));

        run(store -> store.renameMailbox("Work", "Arbeit"));

        assertThat(names())
                .contains("Arbeit", path("Arbeit", "Reports"))
                .doesNotContain("Work", path("Work", "Reports"));
        assertThat(listed("Arbeit").total()).isEqualTo(1);
        assertThat(listed(path("Arbeit", "Reports")).total()).isEqualTo(1);
        assertThat(listed("Arbeit").subscribed()).isTrue();
        assertThat(listed(path("Arbeit", "Reports")).subscribed()).isTrue();
    }

    @Test
    default void aMailboxMovesUnderAnother() {
        run(store -> {
            store.createMailbox("Projects");
            store.createMailbox("Valija");
        });
        put("Valija", Mails.plain("Hello"));

        run(store -> store.renameMailbox("Valija", path("Projects", "Valija")));

        assertThat(names()).contains(path("Projects", "Valija")).doesNotContain("Valija");
        assertThat(listed(path("Projects", "Valija")).total()).isEqualTo(1);
    }

    @Test
    default void aNameInUseIsNotTakenByRenaming() {
        run(store -> {
            store.createMailbox("One");
            store.createMailbox("Two");
        });
        assertThatThrownBy(() -> run(store -> store.renameMailbox("One", "Two")))
                .isInstanceOf(UpstreamException.AlreadyExists.class);
        assertThat(names()).contains("One", "Two");
    }

    @Test
    default void aDeletedMailboxIsGone() {
        run(store -> store.createMailbox("Projects"));
        put("Projects", Mails.plain("Hello"));
        run(store -> store.deleteMailbox("Projects"));
        assertThat(names()).doesNotContain("Projects");
    }

    @Test
    default void deletingAMailboxLeavesThoseBeneath() {
        var child = path("Projects", "Valija");
        run(store -> {
            store.createMailbox("Projects");
            store.createMailbox(child);
        });
        put(child, Mails.plain("Hello"));

        run(store -> store.deleteMailbox("Projects"));

        assertThat(listed(child).total()).isEqualTo(1);
        assertThat(store(MailStore::mailboxes))
                .noneMatch(mailbox -> mailbox.name().equals("Projects") && mailbox.selectable());
    }

    @Test
    default void subscriptionsComeAndGo() {
        run(store -> {
            store.createMailbox("Projects");
            store.subscribe("Projects", false);
        });
        assertThat(listed("Projects").subscribed()).isFalse();
        run(store -> store.subscribe("Projects", true));
        assertThat(listed("Projects").subscribed()).isTrue();
    }

    @Test
    default void theUsualMailboxesHaveTheirRoles() {
        for (var name : List.of("Drafts", "Sent", "Archive", "Junk", "Trash")) {
            if (!names().contains(name)) {
                run(store -> store.createMailbox(name));
            }
            assertThat(listed(name).role()).isEqualTo(MailboxRole.valueOf(name.toUpperCase(java.util.Locale.ROOT)));
        }
        var roles =
                store(MailStore::mailboxes).stream().map(RemoteMailbox::role).filter(Objects::nonNull);
        assertThat(roles.toList()).doesNotHaveDuplicates();
    }

    @Test
    default void countsFollowWhatIsThere() {
        run(store -> store.createMailbox("Projects"));
        put("Projects", Mails.plain("One"), Keyword.SEEN);
        var two = put("Projects", Mails.plain("Two"));
        assertThat(listed("Projects").total()).isEqualTo(2);
        assertThat(listed("Projects").unread()).isEqualTo(1);

        run(store -> store.changeKeywords("Projects", List.of(two), Set.of(Keyword.SEEN), Set.of()));
        assertThat(listed("Projects").unread()).isZero();
    }

    @Test
    default void aMailboxThatIsNotThereIsNotFound() {
        var id = new RemoteId(1);
        var here = put(INBOX, Mails.plain("Hello"));
        var newest = new SortOrder(Property.RECEIVED_AT, true);
        assertNotFound(store -> store.changes("Nowhere", null));
        assertNotFound(store -> store.newest("Nowhere", 10));
        assertNotFound(store -> store.fetch("Nowhere", List.of(id), row -> {}));
        assertNotFound(store -> store.search("Nowhere", null, newest, 0, 10));
        assertNotFound(store -> store.deleteMailbox("Nowhere"));
        assertNotFound(store -> store.renameMailbox("Nowhere", "Somewhere"));
        assertNotFound(store -> store.append(
                "Nowhere", Mails.plain("a").stream(), Mails.plain("a").size(), Set.of(), null));
        assertNotFound(store -> store.copy(INBOX, List.of(here), "Nowhere"));
        assertNotFound(store -> store.move(INBOX, List.of(here), "Nowhere"));
        assertThat(ids(INBOX)).containsExactly(here);
    }

    private void assertNotFound(StoreAction action) {
        assertThatThrownBy(() -> run(action)).isInstanceOf(UpstreamException.NotFound.class);
    }
}
