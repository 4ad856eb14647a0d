/** Work for accounts at certain times, whichever node runs then. */
@ApplicationModule(allowedDependencies = {"account", "problem"})
package dev.valija.schedule;

import org.springframework.modulith.ApplicationModule;
