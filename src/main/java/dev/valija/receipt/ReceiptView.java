package dev.valija.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.valija.message.Address;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message's wish to be told that it was read.
 *
 * @param to who wants to be told
 * @param elsewhere whether that is somebody else than the message's author
 * @param reader the address whose mail was read, as the sender will be told
 * @param state asked, sent, refused, or answered: by another program, which does not tell how
 * @param answeredAt when it was answered here, or null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ReceiptView(
        Address to,
        boolean elsewhere,
        String reader,
        String state,
        @Nullable Instant answeredAt) {}
