package dev.valija.demo;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.valija.account.DemoSignIn;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** GreenMail on loopback with the demo's mailboxes. All mail is in memory and begins anew with each start. */
@Component
@Profile("demo")
class DemoServer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

    private final DemoSite site;
    private final DemoProperties properties;
    private final List<DemoSignIn> signIns;
    private final GreenMail greenMail;
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("demo-arrivals").factory());
    private int arrived;

    DemoServer(DemoSite site, DemoProperties properties, List<DemoSignIn> signIns) {
        this.site = site;
        this.properties = properties;
        this.signIns = signIns;
        this.greenMail = new GreenMail(new ServerSetup[] {
            setup(site.imapsPort(), ServerSetup.PROTOCOL_IMAPS),
            setup(site.smtpsPort(), ServerSetup.PROTOCOL_SMTPS),
            setup(site.pop3sPort(), ServerSetup.PROTOCOL_POP3S),
        });
    }

    private static ServerSetup setup(int port, String protocol) {
        var setup = new ServerSetup(port, DemoSetup.HOST, protocol);
        // GreenMail gives its sockets two seconds; a machine at its first build is busier than that.
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    /** Before everything that may talk to it. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }

    @Override
    public void start() {
        long begin = System.nanoTime();
        // GreenMail takes its key store from system properties only, and reads them when its sockets are opened.
        System.setProperty("greenmail.tls.keystore.file", site.ca().keyStore().toString());
        System.setProperty("greenmail.tls.keystore.password", DemoCa.PASSWORD);
        for (var signIn : signIns) {
            var user = greenMail.setUser(signIn.address(), signIn.address(), signIn.password());
            fill(user, signIn.address().substring(0, signIn.address().indexOf('@')));
        }
        greenMail.start();
        if (properties.arrivals() > 0) {
            var unused = clock.scheduleWithFixedDelay(
                    this::arrival,
                    properties.firstArrival().toMillis(),
                    properties.arrivalEvery().toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        LOG.info("Demo mail server ready in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Override
    public void stop() {
        clock.shutdownNow();
        greenMail.stop();
    }

    @Override
    public boolean isRunning() {
        return greenMail.isRunning();
    }

    private void fill(GreenMailUser user, String name) {
        var mail = DemoContent.of(name, DemoAnchor.in(site.directory()));
        try {
            for (var message : mail) {
                append(folder(user, message.mailbox()), message);
            }
            for (var usual : List.of("Drafts", "Sent", "Archive", "Junk", "Trash")) {
                folder(user, usual);
            }
        } catch (FolderException | AuthorizationException | MessagingException e) {
            throw new IllegalStateException("the demo's mail cannot be put in place", e);
        }
    }

    private void arrival() {
        if (arrived >= properties.arrivals()) {
            clock.shutdown();
            return;
        }
        try {
            var user =
                    greenMail.getUserManager().getUserByEmail(signIns.getFirst().address());
            var message = DemoContent.arrival(arrived++, Instant.now());
            append(folder(user, message.mailbox()), message);
        } catch (FolderException | AuthorizationException | MessagingException | RuntimeException e) {
            LOG.warn("A demo message could not be delivered", e);
        }
    }

    private MailFolder folder(GreenMailUser user, String path) throws FolderException, AuthorizationException {
        var hosts = greenMail.getManagers().getImapHostManager();
        if (path.equals("INBOX")) {
            hosts.subscribe(user, path);
            return hosts.getInbox(user);
        }
        var name = new StringBuilder();
        MailFolder folder = null;
        for (String segment : path.split("/", -1)) {
            name.append(name.isEmpty() ? "" : String.valueOf(hosts.getHierarchyDelimiter()))
                    .append(segment);
            folder = hosts.getFolder(user, name.toString());
            if (folder == null) {
                folder = hosts.createMailbox(user, name.toString());
                hosts.subscribe(user, name.toString());
            }
        }
        if (folder == null) {
            throw new IllegalArgumentException("a mailbox has a name");
        }
        return folder;
    }

    private static void append(MailFolder folder, DemoMessage message) throws MessagingException {
        var flags = new Flags();
        for (String keyword : message.keywords()) {
            switch (keyword) {
                case "seen" -> flags.add(Flags.Flag.SEEN);
                case "flagged" -> flags.add(Flags.Flag.FLAGGED);
                case "answered" -> flags.add(Flags.Flag.ANSWERED);
                case "draft" -> flags.add(Flags.Flag.DRAFT);
                default -> flags.add(keyword);
            }
        }
        var mime = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message.content()));
        folder.appendMessage(mime, flags, Date.from(message.receivedAt()));
    }
}
