package dev.valija.mailbox;

import dev.valija.message.HeaderField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What servers on the way found out about the sender's address (RFC 8601). Only that it is forged is believed here: a
 * forger could write that it is not, but would hardly write that it is.
 */
final class SenderProof {
    private static final Pattern COMMENT = Pattern.compile("\\([^()]{0,2000}\\)");
    private static final Pattern DMARC = Pattern.compile("(?:^|;)\\s*dmarc\\s*=\\s*([a-z]+)");
    private static final Pattern FAILED = Pattern.compile("(?:^|;)\\s*(?:dkim|spf)\\s*=\\s*fail\\b");
    private static final Pattern PASSED = Pattern.compile("(?:^|;)\\s*dkim\\s*=\\s*pass\\b");

    /** Whether some server says that the address in From is not whose the message is. */
    static boolean failed(List<HeaderField> header) {
        return header.stream()
                .filter(field -> field.name().equalsIgnoreCase("Authentication-Results"))
                .map(field ->
                        COMMENT.matcher(field.value().toLowerCase(Locale.ROOT)).replaceAll(" "))
                .anyMatch(SenderProof::saysForged);
    }

    /** RFC 7489 judges the address itself; without it a signature that does not hold is the next best. */
    private static boolean saysForged(String results) {
        var dmarc = DMARC.matcher(results);
        return dmarc.find()
                ? dmarc.group(1).equals("fail")
                : FAILED.matcher(results).find() && !PASSED.matcher(results).find();
    }

    private SenderProof() {}
}
