package dev.valija.upstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.support.TestUpstream;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerSettings;
import dev.valija.upstream.UpstreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way we know to write a host that must not be called, at a dialer whose name servers lie. */
class HostFormsTest {
    private static final String PUBLIC = "93.184.215.14";
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    /** Whatever the resolver says: that a name within has a public address does not make it a public one. */
    @ParameterizedTest
    @ValueSource(strings = {PUBLIC, "127.0.0.1", "169.254.169.254", "::1"})
    void noneIsConnectedTo(String everyNameResolvesTo) throws IOException {
        var forms = forms();
        assertThat(forms).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
        for (var dialect : List.of(Dialect.HTTP, Dialect.IMAP)) {
            var network = new PlayedNetwork(name -> List.of(everyNameResolvesTo));
            var dialer = new Dialer(TestUpstream.properties("allowed-hosts", ""), network);
            var taken = new ArrayList<String>();
            for (var form : forms) {
                if (!refuses(dialer, form, dialect)) {
                    taken.add(form);
                }
            }
            assertThat(taken).isEmpty();
            assertThat(network.connections).isEmpty();
        }
    }

    /** What is no name never comes before the system's resolver, which might read it as an address. */
    @Test
    void onlyPlainNamesAndAddressesAreLookedUp() throws IOException {
        var network = new PlayedNetwork(name -> List.of("127.0.0.1"));
        var dialer = new Dialer(TestUpstream.properties("allowed-hosts", ""), network);
        for (var form : forms()) {
            refuses(dialer, form, Dialect.HTTP);
        }
        assertThat(network.lookUps)
                .isNotEmpty()
                .allMatch(name -> name.matches("[0-9a-fA-F:.]+:[0-9a-fA-F:.]*|(?:[0-9]{1,3}\\.){3}[0-9]{1,3}"));
    }

    /** That the table does not pass by refusing everything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "imap.example.org",
                "IMAP.Example.Org",
                "imap.example.org.",
                "_x.example.org",
                "a-b.example.org",
                "1.example.org",
                "0x7f.example",
                "m\u00fcller.example",
                "xn--mller-kva.example",
                PUBLIC,
                "8.8.8.8",
                "2606:4700::1111",
                "[2606:4700::1111]",
                "localhost.example.org",
                "internal.example.org"
            })
    void publicHostsAreConnectedTo(String host) {
        for (var dialect : Dialect.values()) {
            var network = new PlayedNetwork(name -> List.of(PUBLIC));
            var dialer = new Dialer(TestUpstream.properties("allowed-hosts", ""), network);
            assertThat(refuses(dialer, host, dialect)).isFalse();
            assertThat(network.connections).hasSize(1);
        }
    }

    /** A mail may name a host that the operator allowed for reading mail: that is no leave to call it. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatIsAllowedForMailIsNotForTheWeb(Dialect dialect) {
        var network = new PlayedNetwork(name -> List.of("10.1.2.3"));
        var dialer = new Dialer(
                TestUpstream.properties("allowed-hosts", "mail.lan", "allowed-web-hosts", "pictures.lan"), network);
        var web = dialect == Dialect.HTTP;
        assertThat(refuses(dialer, "mail.lan", dialect)).isEqualTo(web);
        assertThat(refuses(dialer, "pictures.lan", dialect)).isEqualTo(!web);
    }

    private static boolean refuses(Dialer dialer, String host, Dialect dialect) {
        try {
            dialer.dial(new ServerSettings(host, 443, Security.TLS), dialect);
            return false;
        } catch (UpstreamException.HostRefused | UpstreamException.UnknownHost | IllegalArgumentException e) {
            return true;
        } catch (UpstreamException.Unavailable e) {
            return false; // it was willing to
        }
    }

    private static List<String> forms() throws IOException {
        try (var lines = Files.lines(Path.of("src/test/resources/net/host-forms.txt"))) {
            return lines.filter(line -> !line.startsWith("# "))
                    .map(line -> ESCAPE.matcher(line)
                            .replaceAll(found -> Matcher.quoteReplacement(
                                    Character.toString((char) Integer.parseInt(found.group(1), 16)))))
                    .toList();
        }
    }
}
