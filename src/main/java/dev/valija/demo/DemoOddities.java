package dev.valija.demo;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Mail that is hard to show: spam, a bounce, an invitation, old charsets, pictures within the text. */
final class DemoOddities {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ANNA = "Anna Sommer <anna@" + DemoSetup.DOMAIN + ">";

    private final Instant now;

    private DemoOddities(Instant now) {
        this.now = now;
    }

    static List<DemoMessage> all(Instant now) {
        var odd = new DemoOddities(now);
        return List.of(
                odd.pictures(), odd.invitation(), odd.bounce(), odd.spam(), odd.pills(), odd.koi8(), odd.broken());
    }

    private DemoMessage pictures() {
        return DemoMail.from("clara", ago(29))
                .to(DemoPeople.of("anna"))
                .subject("The view from the third terrace 🌄")
                .text("Dear Anna, this is what you see from the third terrace. (There are pictures.)")
                .html(DemoScript.resource("photo.html"))
                .attach(DemoFiles.image("view.png", "view@demo.valija.test"))
                .attach(DemoFiles.image("fog.png", "fog@demo.valija.test"))
                .in("INBOX", Set.of());
    }

    private DemoMessage invitation() {
        var start = now.plus(Duration.ofDays(5)).atOffset(ZoneOffset.UTC).with(LocalTime.of(9, 0));
        var event = """
                BEGIN:VCALENDAR
                PRODID:-//Atlas//Calendar//EN
                VERSION:2.0
                METHOD:REQUEST
                BEGIN:VEVENT
                UID:atlas-review@atlas.example.org
                DTSTAMP:%s
                DTSTART:%s
                DTEND:%s
                SUMMARY:Atlas: review of the first sheets
                LOCATION:Large room
                ORGANIZER;CN=Maria Lindqvist:mailto:maria.lindqvist@atlas.example.org
                ATTENDEE;CN=Anna Sommer;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:anna@demo.valija.test
                ATTENDEE;CN=Luis Ortega;PARTSTAT=ACCEPTED:mailto:luis@demo.valija.test
                SEQUENCE:0
                STATUS:CONFIRMED
                END:VEVENT
                END:VCALENDAR
                """.formatted(STAMP.format(ago(31)), STAMP.format(start), STAMP.format(start.plusMinutes(90)));
        return raw("INBOX", 31, """
                From: Maria Lindqvist <maria.lindqvist@atlas.example.org>
                To: %s
                Subject: Invitation: Atlas: review of the first sheets
                Date: %s
                Message-ID: <invitation.valija.demo@atlas.example.org>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="m"

                --m
                Content-Type: multipart/alternative; boundary="a"

                --a
                Content-Type: text/plain; charset=utf-8

                Maria Lindqvist invites you to: Atlas: review of the first sheets

                Large room. Please bring the sheets you have drawn on.

                --a
                Content-Type: text/calendar; charset=utf-8; method=REQUEST

                %s
                --a--
                --m
                Content-Type: application/ics; name="invite.ics"
                Content-Disposition: attachment; filename="invite.ics"

                %s
                --m--
                """.formatted(ANNA, DATE.format(ago(31)), event, event), StandardCharsets.UTF_8);
    }

    private DemoMessage bounce() {
        return raw(
                "INBOX",
                61,
                """
                From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
                To: %s
                Subject: Undelivered Mail Returned to Sender
                Date: %s
                Message-ID: <bounce.valija.demo@mail.example.org>
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain; charset=us-ascii

                This is the mail system at host mail.example.org.

                I'm sorry to have to inform you that your message could not be
                delivered to one or more recipients. It's attached below.

                <gustav@nowhere.example.net>: host mx.nowhere.example.net said:
                    550 5.1.1 User unknown (in reply to RCPT TO command)

                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mail.example.org

                Final-Recipient: rfc822; gustav@nowhere.example.net
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 User unknown

                --b
                Content-Type: message/rfc822

                From: %s
                To: gustav@nowhere.example.net
                Subject: Your old address?
                Date: %s
                Message-ID: <gustav.valija.demo@demo.valija.test>

                Dear Gustav, is this still you?

                --b--
                """.formatted(ANNA, DATE.format(ago(61)), ANNA, DATE.format(ago(61))),
                StandardCharsets.US_ASCII);
    }

    private DemoMessage spam() {
        return raw(
                "Junk",
                16,
                """
                From: "!!! PRIZE DEPARTMENT !!!" <winner-8842@win.example.net>
                To: undisclosed-recipients:;
                Subject: =?windows-1251?B?18XFxSEhIQ==?= YOU WON!!! CLAIM N0W!!! $$$
                Date: %s
                Message-ID: <spam.8842.valija.demo@win.example.net>
                X-Priority: 1
                MIME-Version: 1.0
                Content-Type: text/html; charset=iso-8859-1

                %s
                """.formatted(DATE.format(ago(16)), DemoScript.resource("spam.html")),
                StandardCharsets.ISO_8859_1);
    }

    private DemoMessage pills() {
        return raw("Junk", 88, """
                From: Dr. Cheap <doc@pills.example.net>
                To: %s
                Subject: re: your order  #99812   (do not ignore)
                Date: %s
                Message-ID: <pills.valija.demo@pills.example.net>
                Content-Type: text/plain

                V i t a m i n s  at  90 %% off, no questions, no vitamins.
                """.formatted(ANNA, DATE.format(ago(88))), StandardCharsets.US_ASCII);
    }

    /** As mail from Russia looked for twenty years. */
    private DemoMessage koi8() {
        return raw("Archive/2025", 2400, """
                From: =?koi8-r?B?78zYx8EgMTk5OA==?= <olga.petrova@example.com>
                To: %s
                Subject: =?koi8-r?B?8MnT2M3PIMna?= 1998
                Date: %s
                Message-ID: <koi8.valija.demo@example.com>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=koi8-r
                Content-Transfer-Encoding: 8bit

                Анна, я нашла это письмо на старой дискете. Карты тогда рисовали тушью!
                """.formatted(ANNA, DATE.format(ago(2400))), Charset.forName("KOI8-R"));
    }

    /** A multipart that ends in its middle and names a charset nobody has. */
    private DemoMessage broken() {
        return raw("Archive/2025", 2450, """
                From: old-scanner@example.com
                To: %s
                Subject: Scan from the second floor
                Date: yesterday, about noon
                Message-ID: <scan.valija.demo@example.com>
                Content-Type: multipart/mixed; boundary="scan"

                --scan
                Content-Type: text/plain; charset=x-scanner-1

                1 page(s) scanned.

                --scan
                Content-Type: application/pdf; name=scan 0001.pdf
                Content-Transfer-Encoding: base64

                JVBERi0xLjQKMSAwIG9iago8PCAvVHlwZSAvQ2F0YWxvZyA+PgplbmRvYmoK
                """.formatted(ANNA), StandardCharsets.US_ASCII);
    }

    private DemoMessage raw(String mailbox, long hours, String text, Charset charset) {
        var octets = text.replace("\n", "\r\n").getBytes(charset);
        return new DemoMessage(mailbox, hours > 1000 ? Set.of("seen") : Set.of(), ago(hours), octets);
    }

    private Instant ago(long hours) {
        return now.minus(Duration.ofHours(hours));
    }
}
