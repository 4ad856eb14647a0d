package dev.valija.upstream.imap;

import dev.valija.upstream.UpstreamException;
import dev.valija.upstream.net.WireText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.Literal;
import org.jspecify.annotations.Nullable;

/**
 * A command being put together from typed arguments. What comes from outside is always a string, which Angus quotes or
 * sends as a literal; atoms are ours.
 */
final class Command {
    private final String name;
    private final Argument arguments = new Argument();
    private boolean empty = true;
    private boolean hasLargeLiteral;

    private Command(String name) {
        this.name = name;
    }

    static Command of(String name) {
        return new Command(name);
    }

    /** Arguments without a command, for {@link #list}. */
    static Command listOf(String... atoms) {
        var list = new Command("");
        for (String atom : atoms) {
            list.atom(atom);
        }
        return list;
    }

    Command atom(String atom) {
        refuseControls(atom);
        arguments.writeAtom(atom);
        empty = false;
        return this;
    }

    Command number(long number) {
        return atom(Long.toString(number));
    }

    /** Text from outside, as UTF-8. */
    Command string(String text) {
        refuseControls(text);
        arguments.writeString(text, StandardCharsets.UTF_8);
        empty = false;
        return this;
    }

    Command mailbox(String mailbox) {
        refuseControls(mailbox); // modified UTF-7 would hide them, not forbid them
        return string(MailboxNames.encode(mailbox));
    }

    Command list(Command inner) {
        arguments.writeArgument(inner.arguments);
        empty = false;
        return this;
    }

    Command append(Command more) {
        if (!more.empty) {
            arguments.append(more.arguments);
            empty = false;
        }
        return this;
    }

    /** A literal that is read while it is sent; fewer octets than announced break the connection. */
    Command literal(InputStream content, long size) {
        arguments.writeBytes(new Streamed(content, Math.toIntExact(size)));
        hasLargeLiteral = !ImapWire.isSmall(size);
        empty = false;
        return this;
    }

    String name() {
        return name;
    }

    @Nullable
    Argument arguments() {
        return empty ? null : arguments;
    }

    boolean hasLargeLiteral() {
        return hasLargeLiteral;
    }

    private static void refuseControls(String text) {
        if (!WireText.canSay(text)) {
            throw new UpstreamException.NotSupported("Line breaks and NUL cannot be part of this.", null);
        }
    }

    private record Streamed(InputStream content, int size) implements Literal {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] buffer = new byte[32 << 10];
            for (int left = size; left > 0; ) {
                int count = content.read(buffer, 0, Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("the message is shorter than announced");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    @Override
    public String toString() {
        return name; // arguments may be secret
    }
}
