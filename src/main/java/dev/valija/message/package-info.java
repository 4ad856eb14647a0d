/** RFC 5322 and MIME as pure functions: parse, compose, sanitise, preview, threading keys. Free of Spring. */
@ApplicationModule(allowedDependencies = {})
package dev.valija.message;

import org.springframework.modulith.ApplicationModule;
