package dev.valija.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of the installation as callers see it.
 *
 * @param name what the sign-in page calls this installation
 * @param version of the software
 * @param maxRequestBytes the largest request body
 * @param uploadBytes octets of the largest upload, and of all attachments of one message together
 */
@ConfigurationProperties("valija")
record WebProperties(
        @DefaultValue("Valija") String name,
        @DefaultValue("dev") String version,
        @DefaultValue("36700160") long maxRequestBytes,
        @DefaultValue("26214400") long uploadBytes) {}
