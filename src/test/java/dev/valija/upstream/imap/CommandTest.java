package dev.valija.upstream.imap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.UpstreamException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last defence against a text that would end a command and begin another: whatever came before has let it pass. */
class CommandTest {
    private static final List<Consumer<String>> BUILDERS = List.of(
            text -> Command.of("X").atom(text),
            text -> Command.of("X").string(text),
            text -> Command.of("X").mailbox(text),
            text -> Command.of("X").list(Command.listOf("A", text)),
            text -> Command.listOf(text));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "\n",
                "\0",
                "a\r\nA9 LOGOUT",
                "a\nb",
                "a\0",
                "a\ud800",
                "\udc00b",
                "\ud800\ud800",
                "INBOX\r"
            })
    void whatWouldEndALineIsRefusedByEachBuilder(String text) {
        for (var builder : BUILDERS) {
            assertThatThrownBy(() -> builder.accept(text)).isInstanceOf(UpstreamException.NotSupported.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Grüße", "\uD83D\uDE00", "a\tb", "quote \" and \\", "{5}", "* OK", "&AA0-"})
    void allElseIsTaken(String text) {
        for (var builder : BUILDERS) {
            assertThatCode(() -> builder.accept(text)).doesNotThrowAnyException();
        }
    }
}
