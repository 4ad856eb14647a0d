package dev.valija.sharing;

import dev.valija.account.Access;
import dev.valija.account.Accesses;
import dev.valija.account.Accounts;
import dev.valija.account.UserId;
import dev.valija.mailbox.MailboxKey;
import dev.valija.mailbox.MessageKey;
import dev.valija.mailbox.MessagePlaces;
import dev.valija.mailbox.MessagePlaces.Place;
import dev.valija.problem.ProblemException;
import org.springframework.stereotype.Component;

/** Messages as those see them who share them. */
@Component
class SharedMessages {
    private final MessagePlaces places;
    private final Accounts accounts;
    private final Accesses accesses;

    SharedMessages(MessagePlaces places, Accounts accounts, Accesses accesses) {
        this.places = places;
        this.accounts = accounts;
        this.accesses = accesses;
    }

    /**
     * A message that somebody may see.
     *
     * @param access of whoever sees it
     * @param about by what it is known wherever it is moved
     */
    record Seen(Access access, MailboxKey mailbox, MessageKey key, String about) {}

    /** @throws ProblemException not-found when there is none that the user may see */
    Seen require(UserId user, MessageKey key) {
        var place = places.find(user, key).orElseThrow(() -> ProblemException.notFound("message"));
        return new Seen(accesses.require(user, key.accountId()), place.mailbox(), key, about(key, place));
    }

    private static String about(MessageKey key, Place place) {
        var messageId = place.messageId();
        return messageId == null ? "#" + key.id() : "<" + messageId + ">";
    }

    /** How others know whoever sees it. */
    String address(Seen message) {
        var address = message.access().address();
        return address == null ? accounts.of(message.access().user()).getFirst().address() : address;
    }

    /** Whether others than its owner see anything of the account. */
    boolean isShared(long accountId) {
        return !accesses.members(accountId).isEmpty();
    }
}
