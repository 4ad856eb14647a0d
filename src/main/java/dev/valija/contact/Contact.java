package dev.valija.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.problem.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Somebody to write to, as the API shows them.
 *
 * @param saved whether they are in the address book; else they were met in mail
 * @param writtenTo whether mail to them is known
 * @param revision counts the user's changes from 1; its ETag
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Contact(String id, @Nullable String name, String email, boolean saved, boolean writtenTo, int revision) {
    String etag() {
        return new Revision(revision).etag();
    }
}
