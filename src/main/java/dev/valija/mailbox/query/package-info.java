/** The language of the search box, as pure functions. */
@NamedInterface("query")
package dev.valija.mailbox.query;

import org.springframework.modulith.NamedInterface;
