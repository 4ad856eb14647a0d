/** What users share with one another: accounts and mailboxes, who does what in them, and what is said beside a message. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "message", "problem"})
package dev.valija.sharing;

import org.springframework.modulith.ApplicationModule;
