/** People to write to: the address book, whom mail was exchanged with, and finding them while an address is typed. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "mailbox::query", "upstream", "message", "problem"})
package dev.valija.contact;

import org.springframework.modulith.ApplicationModule;
