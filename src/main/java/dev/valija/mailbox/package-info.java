/** What the reader shows: mailboxes, messages, threads, search; the index and its sync. */
@ApplicationModule(allowedDependencies = {"account", "remote", "upstream", "message", "trust", "problem"})
package dev.valija.mailbox;

import org.springframework.modulith.ApplicationModule;
