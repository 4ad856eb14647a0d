package dev.valija.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a message that is redirected (RFC 5322 3.6.6): the fields that tell by whom and to whom come first, and behind
 * them is the message as it was, signatures and all.
 */
public final class ResentWriter {
    /**
     * Left out: whom a copy went to in secret (RFC 5322 3.6.3), and what the last delivery wrote, which relays take for
     * their own: an address in Delivered-To is a loop to them (RFC 9228 3), and Return-Path is theirs (RFC 5321 4.4).
     */
    private static final Set<String> LEFT_OUT =
            Set.of("bcc", "resent-bcc", "return-path", "delivered-to", "x-original-to");

    private ResentWriter() {}

    /**
     * The octets of the redirected message. What is not ASCII in it, or longer than a line may be, stays so.
     *
     * @throws IllegalArgumentException when an address or name would not stay within its field
     */
    public static byte[] write(byte[] message, Resent resent) {
        var out = new ByteArrayOutputStream(message.length + 1024);
        var header = new HeaderWriter(out);
        header.addresses("Resent-From", List.of(resent.from()));
        header.addresses("Resent-To", resent.to());
        header.addresses("Resent-Cc", resent.cc());
        if (resent.to().isEmpty() && resent.cc().isEmpty()) {
            // Some relays put all recipients into a To of their own where there is none.
            header.literal("Resent-To", "undisclosed-recipients:;");
        }
        header.literal("Resent-Date", MessageDates.write(resent.date()));
        header.ids("Resent-Message-ID", List.of(resent.messageId()));
        int body = copyHeader(message, out);
        out.write(message, body, message.length - body);
        return out.toByteArray();
    }

    /** A Resent-Bcc field to be put before the sender's own copy; empty for no recipients. */
    public static byte[] bccField(List<Address> bcc) {
        var out = new ByteArrayOutputStream();
        new HeaderWriter(out).addresses("Resent-Bcc", bcc);
        return out.toByteArray();
    }

    /** @return where what is not header begins: the empty line, or the end */
    private static int copyHeader(byte[] message, ByteArrayOutputStream out) {
        int at = 0;
        boolean wanted = false; // what goes on with nothing would go on with what is before it now
        while (at < message.length && !isLineEnd(message, at)) {
            int next = nextLine(message, at);
            boolean goesOn = message[at] == ' ' || message[at] == '\t';
            wanted = goesOn ? wanted : isWanted(message, at, next);
            if (wanted) {
                out.write(message, at, next - at);
            }
            at = next;
        }
        return at;
    }

    private static boolean isLineEnd(byte[] message, int at) {
        return message[at] == '\n' || (message[at] == '\r' && at + 1 < message.length && message[at + 1] == '\n');
    }

    private static int nextLine(byte[] message, int at) {
        int end = at;
        while (end < message.length && message[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, message.length);
    }

    /** A line of an mbox file (RFC 4155) has come to be in some stores; it would end the header for those who read on. */
    private static boolean isWanted(byte[] message, int from, int to) {
        var line = new String(message, from, Math.min(to - from, 80), StandardCharsets.ISO_8859_1);
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        return !line.startsWith("From ") && !line.startsWith(">From ") && !LEFT_OUT.contains(name);
    }
}
