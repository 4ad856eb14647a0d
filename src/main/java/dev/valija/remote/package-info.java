/** Images that mail fetches from the web: whose a reader wants to see, and the proxy that shows them. */
@ApplicationModule(allowedDependencies = {"account", "upstream", "message", "problem"})
package dev.valija.remote;

import org.springframework.modulith.ApplicationModule;
