/** The embedded PostgreSQL of installations that name no database of their own. */
@ApplicationModule(allowedDependencies = {})
package dev.valija.database;

import org.springframework.modulith.ApplicationModule;
