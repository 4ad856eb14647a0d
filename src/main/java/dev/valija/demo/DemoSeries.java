package dev.valija.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Mail of the kind that comes again and again: newsletters, builds, receipts, a mailing list. */
final class DemoSeries {
    private static final List<String> ISSUES = List.of(
            "The island that two surveyors could not find",
            "How to draw a sound",
            "Eleven kinds of north",
            "The road that is only on paper",
            "A city without street names",
            "Contour lines, explained by a potato",
            "The last man who drew the moon by hand",
            "Why the sea is blue, and when it was not");
    private static final List<String> TOPICS = List.of(
            "Folding of long header fields",
            "Who still needs POP3?",
            "Dark mode and transparent logos",
            "Which time zone does a Date have?",
            "Attachments named winmail.dat",
            "Threads: by subject or by references?",
            "A modest proposal about signatures",
            "Keyboard shortcuts: shall we agree?");
    private static final List<String> OPINIONS = List.of(
            "I have read the standard again, and it says what we all feared it says.",
            "We did it the other way round for six years, and nobody noticed until somebody did.",
            "A patch is attached in spirit. The real one follows when my train has arrived.",
            "I disagree, but the example convinces me, so I disagree more quietly now.",
            "Could we take the decision first and the name afterwards? Last time it took three months.",
            "Tested with four servers. Three agree, and the fourth is older than two of us.");
    private static final List<String> MEMBERS = List.of("tomas", "olga", "omar", "jurgen", "maria", "luis");

    private final String name;
    private final Instant now;
    private final List<DemoMessage> all = new ArrayList<>();

    private DemoSeries(String name, Instant now) {
        this.name = name;
        this.now = now;
    }

    static List<DemoMessage> of(String name, Instant now) {
        var series = new DemoSeries(name, now);
        series.builds(name.equals("anna") ? 48 : 20);
        series.mailingList(name.equals("anna") ? TOPICS.size() : 3);
        if (name.equals("anna")) {
            series.newsletters();
            series.sales();
            series.statements();
            series.archive();
            series.everyday();
        }
        return series.all;
    }

    private void builds(int count) {
        for (int i = 0; i < count; i++) {
            boolean failed = i % 11 == 3;
            int number = 4710 - i;
            add(
                    mail("ci", ago(i * 31L + 5))
                            .subject("[atlas] Build %d %s".formatted(number, failed ? "failed" : "passed"))
                            .text(
                                    failed
                                            ? "main: 2 of 1,203 checks failed.\n\n  TileIndexTests.crossesTheDateLine\n  TileIndexTests.ships\n\nLog: https://ci.example.org/atlas/"
                                                    + number
                                            : "main: all 1,203 checks passed in 3 min %02d s.".formatted(i % 60))
                            .field("Auto-Submitted", "auto-generated")
                            .field("List-Id", "Atlas builds <builds.ci.example.org>"),
                    "Lists/Builds",
                    i < 4 ? Set.of() : failed ? Set.of("seen", "flagged") : Set.of("seen"));
        }
    }

    private void mailingList(int topics) {
        for (int topic = 0; topic < topics; topic++) {
            DemoMail parent = null;
            int length = 4 + topic * 5 % 7;
            for (int i = 0; i < length; i++) {
                long hours = topic * 170L + (length - i) * 7L + 3;
                var subject = "[open-mail] " + TOPICS.get(topic);
                var mail = DemoMail.from(MEMBERS.get((topic + i) % MEMBERS.size()), ago(hours))
                        .to(DemoPeople.of("list"))
                        .subject(parent == null ? subject : "Re: " + subject)
                        .text((parent == null ? "Hello list,\n\n" : "")
                                + OPINIONS.get((topic * 3 + i) % OPINIONS.size()))
                        .salt(topic + "/" + i)
                        .field("List-Id", "Open Mail <open-mail.lists.example.org>")
                        .field("List-Unsubscribe", "<https://lists.example.org/open-mail/leave>");
                if (parent != null) {
                    mail.answering(parent);
                }
                add(mail, "Lists/Open Mail", topic == 0 && i > 1 ? Set.of() : Set.of("seen"));
                parent = mail;
            }
        }
    }

    private void newsletters() {
        for (int i = 0; i < 16; i++) {
            int number = 212 - i;
            var title = ISSUES.get(i % ISSUES.size());
            var lead =
                    "And what it has to do with the ferry to Trelleborg, a borrowed theodolite and the year without a summer.";
            add(
                    mail("slowmap", ago(30 + i * 168L))
                            .subject("The Slow Map %d: %s".formatted(number, title))
                            .text(title + "\n\n" + lead + "\n\nhttps://example.com/slow-map/" + number)
                            .html(page("newsletter.html", title, lead, number))
                            .field("List-Unsubscribe", "<https://example.com/unsubscribe?u=demo>"),
                    i < 2 ? "INBOX" : "Newsletters",
                    i == 0 ? Set.of() : Set.of("seen"));
        }
    }

    private void sales() {
        for (int i = 0; i < 9; i++) {
            var title = (10 + 5 * i) + " % off paper";
            var lead = i == 0 ? "Only until Sunday. Paper does not wait." : "This time it is really the last time.";
            add(
                    mail("shop", ago(52 + i * 240L))
                            .subject("✏️ " + title + " – only this week")
                            .text(title + "\n\n" + lead)
                            .html(page("sale.html", title, lead, 40 - i)),
                    i == 0 ? "INBOX" : i < 4 ? "Newsletters" : "Junk",
                    i == 0 ? Set.of() : Set.of("seen"));
        }
    }

    private void statements() {
        for (int month = 0; month < 7; month++) {
            add(
                    mail("bank", ago(100 + month * 730L))
                            .subject("Your statement no. %d is ready".formatted(12 - month))
                            .text(
                                    "Dear customer,\n\nyour account statement is attached.\n\nThis message was made by a machine and is valid without a signature.")
                            .attach(DemoFiles.of("pdf", "statement-%02d.pdf".formatted(12 - month))),
                    "Receipts/Bank",
                    month == 0 ? Set.of() : Set.of("seen"));
            add(
                    mail("bahn", ago(220 + month * 610L))
                            .subject("Your receipt for journey R%d".formatted(7731 - 41 * month))
                            .text("Thank you for travelling with us.\n\nSingle, second class, one person: %d.40"
                                    .formatted(19 + month)),
                    "Receipts",
                    Set.of("seen"));
        }
    }

    private void archive() {
        for (int i = 0; i < 90; i++) {
            var who = MEMBERS.get(i % MEMBERS.size());
            var parts = List.of("the north sheet", "the river layer", "the index", "the archive scans", "the legend");
            var part = parts.get(i % parts.size());
            add(
                    mail(who, ago(1300 + i * 37L))
                            .subject("Notes on %s, week %d".formatted(part, 40 - i / 5))
                            .text(
                                    "Hi Anna,\n\nshort notes on %s:\n\n- %d of 240 places checked\n- %d questions open\n- next look on Thursday\n\n%s"
                                            .formatted(part, 240 - i, i % 7, OPINIONS.get(i % OPINIONS.size()))),
                    i < 60 ? "Archive/2026" : "Archive/2025",
                    Set.of("seen"));
        }
    }

    /** What fills an inbox between the conversations. */
    private void everyday() {
        var subjects = DemoScript.resource("everyday.txt").lines().toList();
        var senders = List.of("tomas", "maria", "julia", "luis", "peter", "eva", "clara", "olga");
        for (int i = 0; i < subjects.size() * 2; i++) {
            var parts = subjects.get(i % subjects.size()).split("\\|", 2);
            boolean again = i >= subjects.size();
            var mail = mail(senders.get(i * 5 % senders.size()), ago(110 + i * 29L))
                    .subject((again ? "Re: " : "") + parts[0].strip())
                    .text("Hi Anna,\n\n" + parts[1].strip() + "\n\n" + (again ? "That was all." : "Thank you!"))
                    .salt("everyday" + i);
            if (i % 13 == 6) {
                mail.attach(DemoFiles.of(
                        i % 2 == 0 ? "pdf" : "png", "sheet-%d.%s".formatted(i, i % 2 == 0 ? "pdf" : "png")));
            }
            add(mail, "INBOX", i % 17 == 4 ? Set.of("seen", "flagged") : i == 3 ? Set.of() : Set.of("seen"));
        }
    }

    private DemoMail mail(String who, Instant date) {
        return DemoMail.from(who, date).to(DemoPeople.of(name));
    }

    private void add(DemoMail mail, String mailbox, Set<String> keywords) {
        all.add(mail.in(mailbox, keywords));
    }

    private Instant ago(long hours) {
        return now.minus(Duration.ofHours(hours)).minusSeconds(hours * 97 % 3600);
    }

    private static String page(String template, String title, String lead, int number) {
        return DemoScript.resource(template)
                .replace("{title}", title)
                .replace("{lead}", lead)
                .replace("{number}", Integer.toString(number));
    }
}
