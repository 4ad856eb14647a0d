package dev.valija.trust;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operator's settings of {@link Trust}.
 *
 * @param authenticationServers the authserv-ids (RFC 8601 2.5) of the servers that receive the users' mail; what others
 *     claim to have found out is not looked at. Without any no result is told.
 */
@ConfigurationProperties("valija.trust")
record TrustProperties(@DefaultValue List<String> authenticationServers) {}
