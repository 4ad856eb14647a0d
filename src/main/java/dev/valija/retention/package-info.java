/** How long messages stay in a mailbox, and their leaving it. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "schedule", "upstream", "message", "problem"})
package dev.valija.retention;

import org.springframework.modulith.ApplicationModule;
