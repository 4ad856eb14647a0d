package dev.valija.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of the installation as callers see it.
 *
 * @param name what the sign-in page calls this installation
 * @param version of the software
 * @param maxRequestBytes the largest request body
 */
@ConfigurationProperties("valija")
record WebProperties(
        @DefaultValue("Valija") String name,
        @DefaultValue("dev") String version,
        @DefaultValue("36700160") long maxRequestBytes) {}
