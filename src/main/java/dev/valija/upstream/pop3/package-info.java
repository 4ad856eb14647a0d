/**
 * Maildrops over POP3 (RFC 1939). A small client of our own over the guarded stream, and not Angus's, whose methods a
 * message comes out of in one piece: it keeps the octets of each in memory or in a file of its own, reads answers of any
 * length, looks for the final dot after a bare LF as well, and ends a session with QUIT whatever went wrong before, by which
 * messages are deleted. Ten commands are all there is to say.
 */
package dev.valija.upstream.pop3;
