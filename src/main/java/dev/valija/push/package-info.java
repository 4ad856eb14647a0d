/** The change log and the server-sent event streams fed from it. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "sharing", "submission", "problem"})
package dev.valija.push;

import org.springframework.modulith.ApplicationModule;
