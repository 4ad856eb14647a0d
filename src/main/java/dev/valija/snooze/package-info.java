/** Messages that are out of sight until a time. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "schedule", "upstream", "message", "problem"})
package dev.valija.snooze;

import org.springframework.modulith.ApplicationModule;
