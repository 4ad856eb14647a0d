/** Files on their way to be attachments, brought in pieces that survive a lost connection. */
@ApplicationModule(allowedDependencies = {"account", "message", "problem"})
package dev.valija.upload;

import org.springframework.modulith.ApplicationModule;
