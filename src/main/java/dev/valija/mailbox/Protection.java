package dev.valija.mailbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.valija.message.BodyPart;
import dev.valija.message.Unpacked;
import org.jspecify.annotations.Nullable;

/**
 * What a message says of being signed and encrypted. Nothing of it is verified.
 *
 * @param signed by which means, or null
 * @param encrypted by which means, or null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Protection(@Nullable Means signed, @Nullable Means encrypted) {

    enum Means {
        @JsonProperty("smime")
        SMIME,
        @JsonProperty("pgp")
        PGP
    }

    static Protection of(Unpacked mail, @Nullable String text) {
        var said = of(mail.structure(), text);
        return new Protection(
                mail.signed() ? Means.SMIME : said.signed, mail.encrypted() ? Means.SMIME : said.encrypted);
    }

    /** @param text as it is read: PGP may be within it (RFC 9580 6.2, 7) */
    static Protection of(BodyPart structure, @Nullable String text) {
        Means signed = null;
        Means encrypted = null;
        for (var part : structure.leaves().toList()) {
            switch (part.type()) {
                case "application/pgp-signature" -> signed = Means.PGP;
                case "application/pkcs7-signature", "application/x-pkcs7-signature" -> signed = Means.SMIME;
                case "application/pgp-encrypted" -> encrypted = Means.PGP;
                default -> {}
            }
        }
        var start = text == null ? "" : text.stripLeading();
        if (start.startsWith("-----BEGIN PGP SIGNED MESSAGE-----")) {
            signed = Means.PGP;
        } else if (start.startsWith("-----BEGIN PGP MESSAGE-----")) {
            encrypted = Means.PGP;
        }
        return new Protection(signed, encrypted);
    }
}
