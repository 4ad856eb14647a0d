/** The language of the search box, as pure functions. */
package dev.valija.mailbox.query;
