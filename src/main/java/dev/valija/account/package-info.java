/** Users, sign-in, their accounts and identities, encrypted credentials. */
@ApplicationModule(allowedDependencies = {"upstream", "message", "problem"})
package dev.valija.account;

import org.springframework.modulith.ApplicationModule;
