/** Finds a mail domain's servers. */
package dev.valija.upstream.discovery;
