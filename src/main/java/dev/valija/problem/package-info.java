/** The catalogue of problem types (RFC 9457). */
@ApplicationModule(allowedDependencies = {})
package dev.valija.problem;

import org.springframework.modulith.ApplicationModule;
