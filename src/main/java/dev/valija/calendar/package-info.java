/** Invitations that come by mail (RFC 5545, 5546, 6047): what they say, and answering them. */
@ApplicationModule(allowedDependencies = {"account", "mailbox", "submission", "message", "problem"})
package dev.valija.calendar;

import org.springframework.modulith.ApplicationModule;
