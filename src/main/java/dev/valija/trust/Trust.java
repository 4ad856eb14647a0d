package dev.valija.trust;

import dev.valija.message.Address;
import dev.valija.message.Envelope;
import dev.valija.message.RawField;
import dev.valija.trust.Sign.Kind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Judges who a message says it is from, by what stands in it and by nothing else: nothing is asked of anybody. */
@Service
public class Trust {
    private static final int MOST_ADDRESSES = 5;
    private static final int LONGEST_NAME = 300;
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s<>()\"',;:@]{1,64}@[\\p{L}\\p{N}.-]{1,200}\\.[\\p{L}\\p{N}-]{2,63}");

    private final Set<String> servers;

    Trust(TrustProperties properties) {
        this.servers = properties.authenticationServers().stream()
                .map(server -> server.strip().toLowerCase(Locale.ROOT))
                .filter(server -> !server.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What the receiving server found out, or null where none is known that is to be believed. */
    public @Nullable Authentication authentication(Envelope envelope, List<RawField> headers) {
        var from = envelope.from().isEmpty() ? null : domain(envelope.from().getFirst());
        return AuthenticationResults.of(headers, servers, from).orElse(null);
    }

    /** Whether a server on the way found the address in From forged. */
    public boolean saysForged(List<RawField> headers) {
        return AuthenticationResults.sayForged(headers);
    }

    /**
     * What is odd about the sender.
     *
     * @param own the domains of the reader, asked for only where one may be imitated
     */
    public List<Sign> signs(Envelope envelope, List<RawField> headers, Supplier<Stream<String>> own) {
        var signs = new ArrayList<Sign>();
        for (var from : envelope.from().stream().limit(MOST_ADDRESSES).toList()) {
            addDeception(signs, "from", from, own);
            addClaim(signs, from);
        }
        for (var replyTo : envelope.replyTo().stream().limit(MOST_ADDRESSES).toList()) {
            addDeception(signs, "replyTo", replyTo, own);
            addElsewhere(signs, envelope, headers, replyTo);
        }
        return List.copyOf(signs);
    }

    private static void addDeception(List<Sign> signs, String field, Address address, Supplier<Stream<String>> own) {
        String domain = domain(address);
        if (Domains.isDeceptive(domain)) {
            signs.add(new Sign(Kind.LOOKALIKE_DOMAIN, field, real(address), null));
        } else if (Domains.mayLookLikeAnother(domain)) {
            Domains.looksLike(domain, own.get())
                    .findFirst()
                    .ifPresent(other -> signs.add(new Sign(Kind.LOOKALIKE_DOMAIN, field, real(address), other)));
        }
    }

    /** A name that is an address is taken for the address. */
    private static void addClaim(List<Sign> signs, Address address) {
        String name = address.name();
        if (name == null || name.length() > LONGEST_NAME) {
            return;
        }
        var match = ADDRESS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKC));
        if (match.find() && !real(match.group()).equalsIgnoreCase(real(address))) {
            signs.add(new Sign(Kind.ADDRESS_IN_NAME, "from", real(address), real(match.group())));
        }
    }

    /** Of a list it is usual (RFC 2369). */
    private static void addElsewhere(List<Sign> signs, Envelope envelope, List<RawField> headers, Address replyTo) {
        boolean related = envelope.from().isEmpty()
                || envelope.from().stream().anyMatch(from -> Domains.areRelated(domain(from), domain(replyTo)));
        if (!related && headers.stream().noneMatch(field -> field.name().equalsIgnoreCase("List-Id"))) {
            signs.add(new Sign(Kind.REPLY_ELSEWHERE, "replyTo", real(replyTo), null));
        }
    }

    private static String real(Address address) {
        return real(address.email());
    }

    private static String real(String email) {
        int at = email.lastIndexOf('@');
        return at < 0 ? email : email.substring(0, at + 1) + Domains.ascii(email.substring(at + 1));
    }

    private static String domain(Address address) {
        return address.email().substring(address.email().lastIndexOf('@') + 1);
    }
}
