/** Read receipts (RFC 8098, 3503): what messages ask for, and answering or refusing it. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "submission", "message", "problem"})
package dev.valija.receipt;

import org.springframework.modulith.ApplicationModule;
