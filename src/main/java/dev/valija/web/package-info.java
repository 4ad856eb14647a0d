/** The security chain, problem documents, serving the webmail. */
@ApplicationModule(allowedDependencies = {"account", "problem", "upload"})
package dev.valija.web;

import org.springframework.modulith.ApplicationModule;
