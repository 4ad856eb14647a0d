package dev.valija.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.valija.account.DemoSignIn;
import dev.valija.message.MimeReader;
import dev.valija.support.GreenMailServer;
import dev.valija.support.ScriptedServer;
import dev.valija.support.TestCa;
import dev.valija.support.TestUpstream;
import dev.valija.upstream.Security;
import dev.valija.upstream.net.Dialect;
import dev.valija.upstream.net.Dialer;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class DemoIT {
    private static final Instant NOW = Instant.parse("2026-03-14T12:00:00Z");

    @TempDir
    private Path directory;

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(DemoProperties.class)
    @Import({DemoSetup.class, DemoConfiguration.class, DemoServer.class, DemoConsole.class})
    static class Demo {}

    @BeforeAll
    static void claimTls() {
        GreenMailServer.claimTls();
    }

    private ApplicationContextRunner demo() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Demo.class)
                .withPropertyValues("valija.data-dir=" + directory, "valija.upstream.allowed-hosts=mail.internal")
                .withInitializer(context -> context.getEnvironment().addActiveProfile("demo"));
    }

    @Test
    void theDemoServerHoldsTheMailOfBothAndGetsNewMail() {
        demo().withPropertyValues("valija.demo.first-arrival=50ms").run(context -> {
            var site = context.getBean(DemoSite.class);
            try (var store = connect(site)) {
                var names = new ArrayList<String>();
                int total = 0;
                for (var folder : store.getDefaultFolder().list("*")) {
                    names.add(folder.getFullName());
                    total += folder.getMessageCount();
                }
                assertThat(total).isGreaterThan(350);
                assertThat(names)
                        .contains(
                                "INBOX",
                                "Sent",
                                "Drafts",
                                "Trash",
                                "Junk",
                                "Archive.2025",
                                "Projects.Atlas.Design",
                                "Family & Friends",
                                "Reisen.Évora 2026",
                                "日本");
                var inbox = store.getFolder("INBOX");
                inbox.open(Folder.READ_ONLY);
                await().until(() -> {
                    inbox.getMessageCount();
                    return subjects(inbox).contains("Coffee in ten minutes?");
                });
            }
            assertThat(context.getBeansOfType(DemoSignIn.class).values())
                    .contains(
                            new DemoSignIn("anna@demo.valija.test", "demo"),
                            new DemoSignIn("luis@demo.valija.test", "demo"));
        });
    }

    @Test
    void theRestLearnsOfTheServersAsFromAnOperator() {
        demo().run(context -> {
            var site = context.getBean(DemoSite.class);
            var environment = context.getEnvironment();
            assertThat(environment.getProperty("valija.upstream.allowed-hosts[0]"))
                    .isEqualTo("mail.internal");
            assertThat(environment.getProperty("valija.upstream.allowed-hosts[1]"))
                    .isEqualTo("localhost");
            assertThat(environment.getProperty("valija.upstream.trusted-certificates[0]"))
                    .isEqualTo(directory.resolve("demo/ca.pem").toString());
            assertThat(environment.getProperty("valija.upstream.providers[demo.valija.test].store.port", Integer.class))
                    .isEqualTo(site.imapsPort());
            assertThat(environment.getProperty(
                            "valija.upstream.providers[demo.valija.test].transport.port", Integer.class))
                    .isEqualTo(site.smtpsPort());
        });
    }

    @Test
    void withoutTheProfileThereIsNoDemo() {
        new ApplicationContextRunner().withUserConfiguration(Demo.class).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(DemoServer.class).doesNotHaveBean(DemoSignIn.class);
        });
    }

    @Test
    void theCertificateIsKeptAndItsAuthorityKeyIsNot() throws Exception {
        var first = DemoCa.in(directory);
        var made = Files.readAllBytes(first.pem());
        assertThat(DemoCa.in(directory)).isEqualTo(first);
        assertThat(Files.readAllBytes(first.pem())).isEqualTo(made);
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(first.keyStore())) {
            keys.load(in, DemoCa.PASSWORD.toCharArray());
        }
        assertThat(keys.size()).isEqualTo(1);
    }

    @Test
    void whoTrustsTheAuthorityTrustsTheServer() throws Exception {
        var ca = DemoCa.in(directory);
        var server = new TestCa.Certificate(ca.pem(), ca.pem(), ca.keyStore(), DemoCa.PASSWORD);
        try (var listening = ScriptedServer.tls(server, dialogue -> dialogue.say("* OK hello"))) {
            var dialer = new Dialer(
                    TestUpstream.properties("trusted-certificates", ca.pem().toString()));
            try (var socket = dialer.dial(listening.settings(Security.TLS), Dialect.IMAP)) {
                assertThat(new String(socket.getInputStream().readNBytes(4))).isEqualTo("* OK");
            }
        }
    }

    @Test
    void aRestartGivesTheSameMessages() {
        var once = DemoContent.of("anna", NOW);
        var again = DemoContent.of("anna", NOW);
        assertThat(again)
                .extracting(DemoMessage::receivedAt)
                .isEqualTo(once.stream().map(DemoMessage::receivedAt).toList());
        assertThat(again)
                .extracting(message -> message.content().length)
                .isEqualTo(
                        once.stream().map(message -> message.content().length).toList());
        assertThat(ids(again)).isEqualTo(ids(once)).doesNotHaveDuplicates();
    }

    @Test
    void everyMessageCanBeReadByOurOwnReader() {
        var all = new ArrayList<>(DemoContent.of("anna", NOW));
        all.addAll(DemoContent.of("luis", NOW));
        for (int i = 0; i < 10; i++) {
            all.add(DemoContent.arrival(i, NOW));
        }
        var types = new HashSet<String>();
        for (var message : all) {
            var parsed = MimeReader.read(message.content());
            assertThat(parsed.envelope().from()).isNotEmpty();
            parsed.structure().leaves().forEach(leaf -> types.add(leaf.type()));
        }
        assertThat(types)
                .contains(
                        "text/plain",
                        "text/html",
                        "image/png",
                        "application/pdf",
                        "application/zip",
                        "text/csv",
                        "text/calendar");
    }

    @Test
    void theFilesAreWhatTheySayTheyAre() throws Exception {
        var image = ImageIO.read(
                new ByteArrayInputStream(DemoFiles.of("png", "a.png").content()));
        assertThat(image.getWidth()).isEqualTo(480);
        var pdf = new String(DemoFiles.of("pdf", "a.pdf").content());
        assertThat(pdf).startsWith("%PDF-1.4").endsWith("%%EOF\n");
        int table = Integer.parseInt(pdf.lines().toList().get((int) pdf.lines().count() - 2));
        assertThat(pdf.substring(table)).startsWith("xref");
    }

    private static List<String> ids(List<DemoMessage> messages) {
        return messages.stream()
                .map(message -> MimeReader.read(message.content()).envelope().messageId())
                .toList();
    }

    private static List<String> subjects(Folder folder) throws Exception {
        var subjects = new ArrayList<String>();
        for (Message message : folder.getMessages()) {
            subjects.add(message.getSubject());
        }
        return subjects;
    }

    /** The server of this JVM shows the certificate of the test authority: see {@link GreenMailServer#claimTls}. */
    private static Store connect(DemoSite site) throws Exception {
        var properties = new Properties();
        properties.put("mail.imaps.ssl.socketFactory", TestCa.clientContext().getSocketFactory());
        var store = Session.getInstance(properties).getStore("imaps");
        store.connect("localhost", site.imapsPort(), "anna@demo.valija.test", "demo");
        return store;
    }
}
