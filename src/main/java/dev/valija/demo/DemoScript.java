package dev.valija.demo;

import dev.valija.message.Address;
import dev.valija.message.OutgoingAttachment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Conversations written down in a resource. {@code === subject} begins one, {@code @ age mailbox keywords who to:whom}
 * a message of it, {@code + kind name} attaches a file; the other lines are text.
 */
final class DemoScript {
    private static final String KEYWORDS = "(?:seen|flagged|answered|draft|-)";
    private static final Pattern MESSAGE = Pattern.compile(
            "@ (?:(\\d+)d)?(?:(\\d+)h)? (.+?)(?: (" + KEYWORDS + "(?:," + KEYWORDS + ")*))? (\\S+) to:(\\S+)");

    private final Instant now;
    private final List<DemoMessage> messages = new ArrayList<>();
    private String subject = "";
    private @Nullable Entry entry;
    private @Nullable DemoMail parent;

    private DemoScript(Instant now) {
        this.now = now;
    }

    /** The messages of a resource, dated back from {@code now}. */
    static List<DemoMessage> read(String resource, Instant now) {
        var script = new DemoScript(now);
        resource(resource).lines().forEach(script::line);
        script.finish();
        return script.messages;
    }

    static String resource(String name) {
        try (var in = Objects.requireNonNull(DemoScript.class.getResourceAsStream("/demo/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String line) {
        if (line.startsWith("===")) {
            finish();
            subject = line.substring(3).strip();
            parent = null;
        } else if (line.startsWith("@ ")) {
            finish();
            entry = entry(line);
        } else if (entry != null && line.startsWith("+ ")) {
            var words = line.split(" ", 3);
            entry.files.add(DemoFiles.of(words[1], words[2]));
        } else if (entry != null) {
            entry.text.append(line).append('\n');
        }
    }

    private static Entry entry(String line) {
        var matcher = MESSAGE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not understood: " + line);
        }
        var age = Duration.ofDays(number(matcher.group(1))).plusHours(number(matcher.group(2)));
        var keywords = matcher.group(4) == null || matcher.group(4).equals("-")
                ? Set.<String>of()
                : Set.of(matcher.group(4).split(",", -1));
        return new Entry(
                age,
                matcher.group(3),
                keywords,
                matcher.group(5),
                List.of(matcher.group(6).split(",", -1)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private void finish() {
        var done = entry;
        if (done == null) {
            return;
        }
        var answered = parent;
        var mail = DemoMail.from(done.who, now.minus(done.age))
                .to(done.to.stream().map(DemoPeople::of).toArray(Address[]::new))
                .subject(answered == null || subject.startsWith("Re:") ? subject : "Re: " + subject)
                .text(done.text.toString().strip());
        if (answered != null) {
            mail.answering(answered);
        }
        done.files.forEach(mail::attach);
        messages.add(mail.in(done.mailbox, done.keywords));
        parent = mail;
        entry = null;
    }

    /** A message being read. */
    private record Entry(
            Duration age,
            String mailbox,
            Set<String> keywords,
            String who,
            List<String> to,
            StringBuilder text,
            List<OutgoingAttachment> files) {
        Entry(Duration age, String mailbox, Set<String> keywords, String who, List<String> to) {
            this(age, mailbox, keywords, who, to, new StringBuilder(), new ArrayList<>());
        }
    }
}
