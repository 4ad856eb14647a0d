/** Submission over SMTP (RFC 5321, 6409): the transport side of the port. */
package dev.valija.upstream.smtp;
