/** The mail server that {@code spring-boot:run} shows Valija with. Not in the jar. */
@ApplicationModule(allowedDependencies = {"account", "upstream", "message"})
package dev.valija.demo;

import org.springframework.modulith.ApplicationModule;
