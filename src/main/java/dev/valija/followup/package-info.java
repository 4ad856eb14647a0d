/** Reminders of sent messages that nobody has answered. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "schedule", "upstream", "message", "problem"})
package dev.valija.followup;

import org.springframework.modulith.ApplicationModule;
