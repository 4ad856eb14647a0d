/** What speaks for and against the sender of a message. */
@ApplicationModule(allowedDependencies = {"message"})
package dev.valija.trust;

import org.springframework.modulith.ApplicationModule;
