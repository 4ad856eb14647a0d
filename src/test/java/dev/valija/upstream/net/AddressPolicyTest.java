package dev.valija.upstream.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valija.upstream.UpstreamException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static final String PUBLIC = "93.184.215.14";
    private final AddressPolicy policy = new AddressPolicy(List.of("mail.lan", "*.corp.example", "10.1.2.3"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.254",
                "127.0.0.1",
                "127.255.0.3",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                // other ways to write the same
                "127.1",
                "2130706433",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "ff02::1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:db8::1",
                "3fff::1",
                "100::1",
                "::ffff:0:127.0.0.1",
                "5f00::1",
                "4000::1"
            })
    void whatIsNotPublicUnicastIsRefused(String address) {
        assertThatThrownBy(() -> policy.check("mail.example.org", addresses(address)))
                .isInstanceOf(UpstreamException.HostRefused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PUBLIC,
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "198.17.0.1",
                "198.20.0.1",
                "223.255.255.254",
                "2606:4700::1111",
                "2a00:1450:4001:81b::200e",
                "2001:4860:4860::8888"
            })
    void whatIsPublicIsAllowed(String address) {
        assertThatCode(() -> policy.check("mail.example.org", addresses(address)))
                .doesNotThrowAnyException();
    }

    @Test
    void oneBadAddressAmongGoodOnesSpoilsTheName() {
        assertThatThrownBy(() -> policy.check("mail.example.org", addresses(PUBLIC, "127.0.0.1")))
                .isInstanceOf(UpstreamException.HostRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.lan", "MAIL.LAN", "imap.corp.example", "a.b.corp.example", "10.1.2.3"})
    void theOperatorMayAllowAHost(String host) {
        assertThatCode(() -> policy.check(host, addresses("10.1.2.3"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"corp.example", "evilcorp.example", ".corp.example", "mail.lan.evil.example", "10.1.2.4"})
    void whatTheOperatorAllowsGoesNoFurther(String host) {
        assertThatThrownBy(() -> policy.check(host, addresses("10.1.2.3")))
                .isInstanceOf(UpstreamException.HostRefused.class);
    }

    @Test
    void mappedFormsAreRefusedEvenAsOctets() {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 8;
        assertThat(AddressPolicy.refused(mapped)).isTrue();
    }

    private static List<InetAddress> addresses(String... addresses) {
        return Arrays.stream(addresses)
                .map(address -> {
                    try {
                        return InetAddress.getByName(address);
                    } catch (UnknownHostException e) {
                        throw new IllegalArgumentException(e);
                    }
                })
                .toList();
    }
}
