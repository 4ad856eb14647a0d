/** Everything that opens a socket to a mail provider. UID, UIDVALIDITY and MODSEQ never leave {@code imap}. */
@ApplicationModule(allowedDependencies = {"message", "problem"})
package dev.valija.upstream;

import org.springframework.modulith.ApplicationModule;
