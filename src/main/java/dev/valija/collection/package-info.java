/** Mail fetched from POP3 servers into the users' mailboxes. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "schedule", "upstream", "message", "problem"})
package dev.valija.collection;

import org.springframework.modulith.ApplicationModule;
