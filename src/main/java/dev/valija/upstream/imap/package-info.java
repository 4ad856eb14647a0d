/** IMAP (RFC 3501, RFC 9051) on Angus Mail. UID, UIDVALIDITY and MODSEQ are known here and nowhere else. */
package dev.valija.upstream.imap;
