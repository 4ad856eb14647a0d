/** HTTP/1.1 over a socket of the dialer. */
package dev.valija.upstream.http;
