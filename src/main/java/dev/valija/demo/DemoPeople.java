package dev.valija.demo;

import dev.valija.message.Address;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who writes to whom in the demo. */
final class DemoPeople {
    private static final Map<String, Address> ALL = new TreeMap<>();

    /** Write HTML, the others plain text. */
    private static final Set<String> RICH = Set.of("maria", "julia", "sofia", "eva", "shop", "casa", "bahn");

    static {
        add("anna", "Anna Sommer", "anna@" + DemoSetup.DOMAIN);
        add("luis", "Luis Ortega", "luis@" + DemoSetup.DOMAIN);
        add("maria", "Maria Lindqvist", "maria.lindqvist@atlas.example.org");
        add("tomas", "Tomás Figueira", "tomas@atlas.example.org");
        add("julia", "Julia Brandt", "julia@studio-brandt.example.com");
        add("jurgen", "Jürgen Weiß", "juergen.weiss@example.net");
        add("yuki", "田中 雪", "tanaka@tokyo.example.co.jp");
        add("olga", "Ольга Петрова", "olga.petrova@example.com");
        add("omar", "عمر الحسن", "omar@translations.example.org");
        add("noa", "נועה כהן", "noa@example.net");
        add("sofia", "Sofía Marín", "sofia.marin@example.com");
        add("marc", "Marc", "marc@example.com");
        add("peter", "Peter Sommer", "peter.sommer@example.net");
        add("clara", "Clara Vogel", "clara@choir.example.org");
        add("eva", "Eva Novák", "programme@mapdays.example.org");
        add("hausverwaltung", "Hausverwaltung Nord", "info@hausverwaltung.example.com");
        add("druckerei", "Druckerei am Wehr", "buchhaltung@druckerei.example.com");
        add("bahn", "Rail Europe Bookings", "tickets@rail.example.com");
        add("casa", "Casa da Estrela", "ola@casa-estrela.example.com");
        add("shop", "Paper & Ink", "hello@paper-ink.example.net");
        add("slowmap", "The Slow Map", "letter@slow-map.example.com");
        add("bugs", "Atlas tracker", "tracker@atlas.example.org");
        add("ci", "Build robot", "builds@ci.example.org");
        add("bank", "Sparbank", "noreply@sparbank.example.com");
        add("workshop", "Fahrradwerkstatt Süd", "werkstatt@example.com");
        add("prize", "!!! PRIZE DEPARTMENT !!!", "winner-8842@win.example.net");
        add("pills", "Dr. Cheap", "doc@pills.example.net");
        add("list", "Open Mail", "open-mail@lists.example.org");
    }

    private DemoPeople() {}

    private static void add(String nick, String name, String email) {
        ALL.put(nick, new Address(name, email));
    }

    static Address of(String nick) {
        var person = ALL.get(nick);
        if (person == null) {
            throw new IllegalArgumentException("nobody is called " + nick);
        }
        return person;
    }

    static boolean writesHtml(String nick) {
        return RICH.contains(nick);
    }
}
