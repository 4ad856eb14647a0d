/** Drafts, and the outbox: sending, its outcome, the copy in Sent. */
@ApplicationModule(allowedDependencies = {"account", "followup", "mailbox", "upload", "upstream", "message", "problem"})
package dev.valija.submission;

import org.springframework.modulith.ApplicationModule;
