package dev.valija.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invitations as the known programs write them, and as nobody should. */
class InvitationTests {

    @Test
    void googlesSeries() throws IOException {
        var invitation = file("google");
        assertThat(invitation.method()).isEqualTo(Invitation.Method.REQUEST);
        assertThat(invitation.summary()).isEqualTo("Harbour walk; planning");
        assertThat(invitation.location()).isEqualTo("Harbour office, 2nd floor");
        assertThat(invitation.description()).isEqualTo("Agenda:\n\n- numbers, dates\n- <b>nothing</b> else");
        assertThat(invitation.start().instant()).isEqualTo("2030-01-07T08:30:00Z");
        assertThat(invitation.end().instant()).isEqualTo("2030-01-07T09:15:00Z");
        assertThat(invitation.start().zone().name()).isEqualTo("Europe/Berlin");
        assertThat(invitation.attendees()).hasSize(3);
        assertThat(invitation.attendees().get(1).email()).isEqualTo("anna@example.org");
        assertThat(invitation.attendees().get(1).name()).isNull();
        assertThat(invitation.attendees().get(2).name()).isEqualTo("Zoë");
        assertThat(invitation.attendees().get(2).role()).isEqualTo("optional");
        assertThat(invitation.isOrganizedBy("LUIS@example.org")).isTrue();
        assertThat(next(invitation, "2030-01-01T00:00:00Z"))
                .as("the tenth is left out")
                .containsExactly("2030-01-07T08:30:00Z", "2030-01-14T08:30:00Z", "2030-01-17T08:30:00Z");
        assertThat(next(invitation, "2030-03-26T00:00:00Z"))
                .as("until the end of March, the last one before the clocks change")
                .containsExactly("2030-03-28T08:30:00Z");
        assertThat(next(invitation, "2030-04-01T00:00:00Z")).isEmpty();
    }

    @Test
    void outlooksWindowsZoneAndUpdate() throws IOException {
        var invitation = file("outlook");
        assertThat(invitation.start().instant()).as("summer time").isEqualTo("2030-07-02T12:00:00Z");
        assertThat(invitation.start().zone().name()).isEqualTo("Europe/Berlin");
        assertThat(invitation.sequence()).isEqualTo(3);
        assertThat(invitation.organizer().name()).as("unquoted, with a comma").isEqualTo("Müller, Zoë");
        assertThat(invitation.attendee("anna@example.org")).isPresent();
        assertThat(invitation.attendees().get(1).kind()).isEqualTo("resource");
        assertThat(invitation.uid()).hasSize(112);
    }

    @Test
    void aZoneThatOnlyTheFileKnows() throws IOException {
        var invitation = file("outlook-own-zone");
        assertThat(invitation.start().instant()).isEqualTo("2030-07-02T12:00:00Z");
        assertThat(invitation.start().zone().name()).isNull();
        assertThat(invitation.end().instant()).as("by DURATION").isEqualTo("2030-07-02T13:30:00Z");
        assertThat(invitation.organizer().email()).isEqualTo("zoe@example.org");
    }

    @Test
    void applesWholeDays() throws IOException {
        var invitation = file("apple");
        assertThat(invitation.start().wholeDay()).isTrue();
        assertThat(invitation.start().instant()).isNull();
        assertThat(invitation.end().local()).as("the first day after").isEqualTo("2030-05-02T00:00");
        assertThat(invitation.summary()).isEqualTo("Sailing 🌊 weekend");
        assertThat(invitation.location()).isEqualTo("Port Vell Moll d'Espanya");
        assertThat(invitation.attendees().get(1).email()).as("no mailto").isEmpty();
    }

    @Test
    void nextcloudTakesOneOfASeriesBack() throws IOException {
        var invitation = file("nextcloud");
        assertThat(invitation.cancelled()).isTrue();
        assertThat(invitation.occurrence().instant()).isEqualTo("2030-01-10T20:00:00Z");
        assertThat(invitation.start().instant()).isEqualTo("2030-01-10T20:30:00Z");
        assertThat(invitation.occurrenceKey()).isEqualTo("2030-01-10T20:00:00Z");
    }

    @Test
    void zimbraSaysWhoComesAndExchangeProposesAnotherTime() throws IOException {
        var reply = file("zimbra");
        assertThat(reply.method()).isEqualTo(Invitation.Method.REPLY);
        assertThat(reply.attendees()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("Luis Example");
            assertThat(one.status()).isEqualTo("accepted");
        });
        var counter = file("counter");
        assertThat(counter.method()).isEqualTo(Invitation.Method.COUNTER);
        assertThat(counter.start().zone().name()).isEqualTo("UTC");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        // the hour that is not there, and the one that is there twice (RFC 5545 3.3.5)
        "Europe/Berlin, 20300331T023000, 2030-03-31T01:30:00Z",
        "Europe/Berlin, 20301027T023000, 2030-10-27T00:30:00Z",
        "/mozilla.org/20070129_1/Europe/Berlin, 20300702T140000, 2030-07-02T12:00:00Z",
        "/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires, 20300702T140000, 2030-07-02T17:00:00Z",
        "europe/berlin, 20300702T140000, 2030-07-02T12:00:00Z",
        "tzone://Microsoft/Utc, 20300702T140000, 2030-07-02T14:00:00Z",
        "Romance Standard Time, 20300702T140000, 2030-07-02T12:00:00Z",
        "Eastern Standard Time, 20300702T140000, 2030-07-02T18:00:00Z",
        "India Standard Time, 20300702T140000, 2030-07-02T08:30:00Z",
        "Middle-earth Time, 20300702T140000, ",
        "Customized Time Zone, 20300702T140000, "
    })
    void zonesByName(String tzid, String time, String instant) {
        var start = event("DTSTART;TZID=\"" + tzid + "\":" + time).start();
        assertThat(Objects.toString(start.instant(), null)).isEqualTo(instant);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "20300115T120000, 2030-01-15T11:00:00Z",
        "20300715T120000, 2030-07-15T10:00:00Z",
        "20300331T013000, 2030-03-31T00:30:00Z",
        "20300331T023000, 2030-03-31T01:30:00Z", // not there
        "20300331T033000, 2030-03-31T01:30:00Z",
        "20301027T013000, 2030-10-26T23:30:00Z",
        "20301027T023000, 2030-10-27T00:30:00Z", // there twice
        "20301027T033000, 2030-10-27T02:30:00Z",
        "15000101T000000, 1499-12-31T22:00:00Z"
    })
    void zonesByDefinition(String time, String instant) throws IOException {
        var file = Files.readString(Path.of("src/test/resources/invitations/outlook-own-zone.ics"))
                .replace("20300702T140000", time);
        var start = read(file).start();
        assertThat(start.instant()).isEqualTo(instant);
        assertThat(start.zone()).isInstanceOf(Zone.Defined.class);
    }

    @Test
    void aDefinitionOfAZoneDoesNotChangeAKnownOne() {
        var invitation = read("""
                BEGIN:VCALENDAR
                BEGIN:VTIMEZONE
                TZID:Europe/Berlin
                BEGIN:STANDARD
                DTSTART:19700101T000000
                TZOFFSETFROM:+0900
                TZOFFSETTO:+0900
                END:STANDARD
                END:VTIMEZONE
                BEGIN:VEVENT
                UID:1
                DTSTART;TZID=Europe/Berlin:20300702T140000
                END:VEVENT
                END:VCALENDAR
                """);
        assertThat(invitation.start().instant()).isEqualTo("2030-07-02T12:00:00Z");
    }

    /** RFC 5545 3.1: programs that count octets fold within a character. */
    @Test
    void aCharacterFoldedInTwoIsOne() {
        for (var fold : List.of("\r\n ", "\n\t", "\r ")) {
            var file = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Caf\u00c3" + fold + "\u00a9 \u00f0\u009f" + fold
                    + "\u008c" + fold + "\u008a\nEND:VEVENT\nEND:VCALENDAR\n";
            assertThat(Invitation.read(file.getBytes(StandardCharsets.ISO_8859_1), "utf-8")
                            .orElseThrow()
                            .summary())
                    .isEqualTo("Café 🌊");
        }
    }

    @Test
    void endsThatAreMissingOrMakeNoSense() {
        assertThat(event("DTSTART:20300702T140000Z").end()).isNull();
        assertThat(event("DTSTART;VALUE=DATE:20300702").end().local()).isEqualTo("2030-07-03T00:00");
        assertThat(event("DTSTART;VALUE=DATE:20300702\nDTEND;VALUE=DATE:20300702")
                        .end()
                        .local())
                .isEqualTo("2030-07-03T00:00");
        assertThat(event("DTSTART:20300702T140000Z\nDTEND:20300701T140000Z").end())
                .isNull();
        assertThat(event("DTSTART:20300702T140000Z\nDTEND;VALUE=DATE:20300705").end())
                .isNull();
        assertThat(event("DTSTART:20300702T140000Z\nDURATION:PT99999999999H").end())
                .isNull();
        assertThat(event("DTSTART:20300702T140000\nDURATION:P1DT2H").end().local())
                .isEqualTo("2030-07-03T16:00");
        assertThat(event("SUMMARY:no start").start()).isNull();
        assertThat(event("DTSTART:20301341T140000Z").start()).isNull();
        assertThat(event("DTSTART:99999999T999999Z").start()).isNull();
    }

    @Test
    void textsAreOneLineBoundedAndWithoutTricks() {
        var invitation = event("SUMMARY:pay\\nnow \u202Efdp.exe\u0000\u200B <img src=x onerror=alert(1)>\n"
                + "LOCATION:" + "x".repeat(70_000));
        assertThat(invitation.summary()).isEqualTo("pay now fdp.exe <img src=x onerror=alert(1)>");
        assertThat(invitation.location()).hasSize(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:luis@example.org?cc=all@example.org",
                "mailto:luis@example.org,all@example.org",
                "mailto:luis@example.org?subject=x",
                "mailto:luis@=?utf-8?q?example.org?=",
                "mailto:luis@example.org%0d%0aBcc:all@example.org",
                "mailto:%22x%22%0a@example.org",
                "mailto:",
                "http://example.org/luis",
                "mailto:%zz"
            })
    void onlyOnePlainAddressIsOne(String uri) {
        assertThat(event("ORGANIZER:" + uri).organizer().email()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=SECONDLY",
                "FREQ=DAILY;BYSECOND=0,1,2,3;BYMINUTE=0,1,2",
                "FREQ=MINUTELY;INTERVAL=1",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;INTERVAL=1000000000",
                "FREQ=DAILY;COUNT=99999999999999",
                "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=400",
                "FREQ=DAILY;BYMONTH=13",
                "FREQ=WEEKLY;BYDAY=2MO",
                "RSCALE=HEBREW;FREQ=YEARLY",
                "",
                ";;;=;=;",
                "FREQ=DAILY;UNTIL=nonsense"
            })
    void hostileRulesCostNothing(String rule) {
        var invitation = event("DTSTART:19000101T000000Z\nRRULE:" + rule);
        var before = System.nanoTime();
        assertThat(invitation.series().next(Instant.parse("2030-01-01T00:00:00Z"), 3))
                .isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void hostileZonesCostNothing() {
        for (int rules : new int[] {1, 12, 150}) {
            var file = new StringBuilder("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\n");
            for (int i = 0; i < rules; i++) {
                file.append("BEGIN:STANDARD\nDTSTART:0001%02d01T000000\n".formatted(1 + i % 12))
                        .append("TZOFFSETFROM:+0%d00\nTZOFFSETTO:+0%d00\n".formatted(i % 9, (i + 1) % 9))
                        .append("RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=1SU;UNTIL=99991231T000000Z\n".formatted(1 + i % 12))
                        .append("END:STANDARD\n");
            }
            file.append("END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Own:20300101T000000\n")
                    .append("RRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR");
            var before = System.nanoTime();
            read(file.toString()).series().next(Instant.parse("2080-01-01T00:00:00Z"), 3);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("%d rules", rules)
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Minutes of work, when each of 20,000 occurrences asked thirty rules for their changes of five years. */
    @Test
    void zonesOfRulesWithManyValuesCostNothing() {
        String months = String.join(",", Collections.nCopies(100, "1"));
        String days = String.join(",", Collections.nCopies(100, "31"));
        var file = new StringBuilder("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\n");
        for (int i = 0; i < 30; i++) {
            file.append("BEGIN:STANDARD\nDTSTART:19000101T0000%02d\n".formatted(i))
                    .append("TZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n")
                    .append("RRULE:FREQ=YEARLY;BYMONTH=%s;BYMONTHDAY=%s\n".formatted(months, days))
                    .append("END:STANDARD\n");
        }
        for (String rule : List.of("FREQ=DAILY", "FREQ=DAILY;UNTIL=20500101T000000Z")) {
            var invitation = read(file + "END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Own:20200101T120000\nRRULE:" + rule
                    + "\nEND:VEVENT\nEND:VCALENDAR");
            var before = System.nanoTime();
            assertThat(next(invitation, "2045-01-01T00:00:00Z"))
                    .containsExactly("2045-01-01T11:00:00Z", "2045-01-02T11:00:00Z", "2045-01-03T11:00:00Z");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aRuleWithAllTheValuesThereCanBeIsWalkedWithinItsBudget() {
        var many = String.join(",", Collections.nCopies(100, "1,-1,15"));
        var rule = RecurrenceRule.parse("FREQ=YEARLY;BYMONTHDAY=" + many);
        assertThat(rule.understood()).as("too many values").isFalse();
        var hundred = "FREQ=YEARLY;BYMONTH=" + "1,2,3,4,5,6,7,8,9,10,11,12".repeat(1) + ";BYDAY="
                + String.join(",", Collections.nCopies(99, "MO"));
        var invitation = event("DTSTART:19000101T000000Z\nRRULE:" + hundred);
        assertThat(invitation.series().next(Instant.parse("2500-01-01T00:00:00Z"), 3))
                .isEmpty();
    }

    @Test
    void filesOfAnySizeAreReadWithinTheirBudget() {
        var events = event("X:1" + "\nBEGIN:X".repeat(50_000) + "\nEND:X".repeat(50_000));
        assertThat(events.uid()).isEqualTo("1");
        var attendees = event("ATTENDEE:mailto:a@example.org\n".repeat(4_000).strip());
        assertThat(attendees.attendees()).hasSize(100);
        assertThat(attendees.attendeeTotal()).isEqualTo(4_000);
        var many = read("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nUID:2\nEND:VEVENT\n".repeat(10_000) + "END:VCALENDAR");
        assertThat(many.moreEvents()).isZero();
    }

    @Test
    void brokenFilesSayWhatTheyCan() {
        assertThat(read("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:cut")
                        .summary())
                .isEqualTo("cut");
        assertThat(read("rubbish\n\n:::\nBEGIN:VCALENDAR\n;;;\nBEGIN:VEVENT\nSUMMARY:x\nEND:VCALENDAR\nEND:VEVENT")
                        .summary())
                .isEqualTo("x");
        assertThat(maybe("")).isEmpty();
        assertThat(maybe("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR"))
                .isEmpty();
        assertThat(maybe("END:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT")).isEmpty();
    }

    @Test
    void changedAndCancelledOccurrencesTakeTheirOwnTime() {
        var invitation = read("""
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:1
                DTSTART:20300101T100000Z
                RRULE:FREQ=DAILY;COUNT=4
                RDATE:20300110T100000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:1
                RECURRENCE-ID:20300102T100000Z
                DTSTART:20300102T180000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:1
                RECURRENCE-ID:20300103T100000Z
                STATUS:CANCELLED
                DTSTART:20300103T100000Z
                END:VEVENT
                END:VCALENDAR
                """);
        assertThat(invitation.series().next(Instant.parse("2030-01-01T00:00:00Z"), 9).stream()
                        .map(Moment::instant))
                .map(Instant::toString)
                .containsExactly(
                        "2030-01-01T10:00:00Z", "2030-01-02T18:00:00Z", "2030-01-04T10:00:00Z", "2030-01-10T10:00:00Z");
    }

    @Test
    void aSeriesKeepsItsLocalTimeWhenTheClocksChange() {
        var invitation = event("DTSTART;TZID=Europe/Berlin:20300329T090000\nRRULE:FREQ=WEEKLY");
        assertThat(next(invitation, "2030-03-29T00:00:00Z"))
                .containsExactly("2030-03-29T08:00:00Z", "2030-04-05T07:00:00Z", "2030-04-12T07:00:00Z");
    }

    private static List<String> next(Invitation invitation, String from) {
        return invitation.series().next(Instant.parse(from), 3).stream()
                .map(moment -> moment.instant().toString())
                .toList();
    }

    private static Invitation event(String lines) {
        return read("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\n" + lines + "\nEND:VEVENT\nEND:VCALENDAR\n");
    }

    private static Invitation read(String file) {
        return maybe(file).orElseThrow();
    }

    private static Optional<Invitation> maybe(String file) {
        return Invitation.read(file.getBytes(StandardCharsets.UTF_8), "utf-8");
    }

    private static Invitation file(String name) throws IOException {
        return read(Files.readString(Path.of("src/test/resources/invitations", name + ".ics"))
                .replace("\n", "\r\n"));
    }
}
