package dev.valija.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Reads mail spoilt at random, 2,000 of it; {@code ./mvnw test -Dtest=MutantMailTests -Dmutants=100000} reads more, and
 * {@code -Dmutants.first=5000} begins elsewhere.
 */
class MutantMailTests {
    private static final int DEEPEST = 50;
    private static final int MOST_PARTS = 2000;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    /** DESIGN 3.1: the time of the CPU that one mail may take. */
    private static final Duration BUDGET = Duration.ofSeconds(2);

    @Test
    void noMutantBreaksAnything() {
        long first = Long.getLong("mutants.first", 0);
        int count = Integer.getInteger("mutants", 2000);
        var mutants = MutantMail.ofCorpus();
        var failures = new ArrayList<String>();
        var nanos = new long[count];
        for (int i = 0; i < count; i++) {
            byte[] raw = mutants.number(first + i);
            try {
                long start = CPU.getCurrentThreadCpuTime();
                var shown = Shown.of(raw);
                nanos[i] = CPU.getCurrentThreadCpuTime() - start;
                shown.assertSound();
            } catch (Exception | AssertionError | StackOverflowError e) {
                failures.add("mutant " + (first + i) + ": " + e);
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%d mutants, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                count, nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6, nanos[count - 1] / 1e6);
        assertThat(failures).isEmpty();
        assertThat(Duration.ofNanos(nanos[count - 1])).isLessThan(BUDGET);
    }

    /** All that a reader may see of a mail. */
    private record Shown(ParsedMessage mail, List<String> previews, List<String> pages) {
        static Shown of(byte[] raw) {
            var mail = MimeReader.read(raw);
            BaseSubject.of(mail.envelope().subject());
            var previews = new ArrayList<String>();
            var pages = new ArrayList<String>();
            mail.structure().allLeaves().forEach(part -> {
                mail.decoded(part).orElseThrow();
                if (part.type().startsWith("text/")) {
                    var text = mail.text(part);
                    previews.add(Preview.ofHtml(text));
                    previews.add(Preview.ofText(text));
                    HtmlToText.of(text);
                    PlainTextHtml.render(text);
                    pages.add(cleaned(text));
                }
            });
            var octets = new HashMap<String, byte[]>();
            mail.structure()
                    .allLeaves()
                    .forEach(part -> octets.put(
                            part.partId(), mail.encoded(part.partId()).orElseThrow()));
            Unpacked.of(mail.structure(), octets);
            DeliveryReport.read("message/delivery-status", raw, raw);
            return new Shown(mail, previews, pages);
        }

        void assertSound() {
            assertStorable(mail.envelope().subject());
            assertThat(mail.envelope().subject().length()).isLessThanOrEqualTo(4000);
            assertThat(mail.headers()).hasSizeLessThanOrEqualTo(1000);
            assertThat(depth(mail.structure())).isLessThanOrEqualTo(DEEPEST);
            assertThat(mail.structure().allLeaves().count()).isLessThanOrEqualTo(MOST_PARTS);
            previews.forEach(MutantMailTests::assertStorable);
            pages.forEach(page -> {
                SafeHtml.assertHarmless(page);
                SafeHtml.assertHarmless(cleaned(page));
            });
        }
    }

    private static String cleaned(String html) {
        return HtmlSanitizer.clean(html, HtmlSanitizer.Options.blocked(cid -> null))
                .html();
    }

    /** A database takes it, and no terminal is set by it. */
    private static void assertStorable(String text) {
        assertThat(text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                .isTrue();
    }

    private static int depth(BodyPart part) {
        return (part.children().isEmpty() ? 0 : 1)
                + part.children().stream()
                        .mapToInt(MutantMailTests::depth)
                        .max()
                        .orElse(0);
    }
}
