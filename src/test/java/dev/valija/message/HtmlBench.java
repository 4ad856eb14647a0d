package dev.valija.message;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much CPU cleaning takes: run {@code main}, no test. Warm, p50 and p99 of a thousand, for a newsletter of 20 KB and hostile mail. */
final class HtmlBench {
    private static final int TIMES = 1_000;

    public static void main(String[] args) throws IOException {
        var mails = new LinkedHashMap<String, String>();
        String letter = Files.readString(Path.of("src/test/resources/html/newsletter-tables.html"));
        int row = letter.indexOf("<tr><td><table border");
        int end = letter.indexOf("<tr><td bgcolor=\"#f4efe6\"");
        String rows = letter.substring(row, end);
        mails.put(
                "newsletter, 20 KB",
                letter.substring(0, row)
                        + rows.repeat((20_000 - letter.length()) / rows.length() + 1)
                        + letter.substring(end));
        mails.put("reply, 1 KB", Files.readString(Path.of("src/test/resources/html/gmail-reply.html")));
        for (Map.Entry<String, String> mail : mails.entrySet()) {
            time(mail.getKey(), mail.getValue());
        }
        for (String piece :
                new String[] {"<div>", "<p><b><i><u><a>", "<font size=1><p>", "&", "<p class=x style=a:b>"}) {
            String hostile = piece.repeat(3_000_000 / piece.length());
            long start = cpu();
            clean(hostile);
            System.out.printf("3 MB of %-24s %6.0f ms%n", piece, (cpu() - start) / 1e6);
        }
    }

    private static void time(String name, String html) {
        long[] nanos = new long[TIMES];
        int length = 0;
        for (int i = -2 * TIMES; i < TIMES; i++) {
            long start = cpu();
            length = clean(html);
            nanos[Math.max(i, 0)] = cpu() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-20s %d → %d characters, p50 %.2f ms, p99 %.2f ms%n",
                name, html.length(), length, nanos[TIMES / 2] / 1e6, nanos[TIMES * 99 / 100] / 1e6);
    }

    /** Of this thread, for a busy machine's clock says little. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int clean(String html) {
        return HtmlSanitizer.clean(html, HtmlSanitizer.Options.blocked(cid -> null))
                .html()
                .length();
    }

    private HtmlBench() {}
}
