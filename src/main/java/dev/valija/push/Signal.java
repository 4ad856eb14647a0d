package dev.valija.push;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What nodes tell one another through PostgreSQL's NOTIFY, so that it arrives when the transaction commits. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Signal.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = Signal.Passing.class, name = "passing"),
    @JsonSubTypes.Type(value = Signal.Present.class, name = "present"),
    @JsonSubTypes.Type(value = Signal.Revoked.class, name = "revoked")
})
sealed interface Signal {
    long user();

    /** The user's log has grown. */
    record Changed(long user) implements Signal {}

    /** News that is not in the log. */
    record Passing(long user, News.SyncNews news) implements Signal {}

    /** The same, of people. */
    record Present(long user, News.PresenceNews news) implements Signal {}

    /** A session or token has ended. */
    record Revoked(long user, long signInId) implements Signal {}
}
