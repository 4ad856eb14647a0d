/** Texts kept to be written again. */
@ApplicationModule(allowedDependencies = {"account", "problem"})
package dev.valija.template;

import org.springframework.modulith.ApplicationModule;
