package dev.valija.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valija.upstream.Credentials;
import dev.valija.upstream.Security;
import dev.valija.upstream.ServerLogin;
import dev.valija.upstream.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A private Dovecot 2.3 on loopback: IMAPS, POP3S, IMAP with STARTTLS, and LMTP for deliveries. Lets in every user with
 * {@link #PASSWORD}; mail lies as maildir in a temporary directory. Runs as root and as an ordinary user.
 */
public final class DovecotServer implements AutoCloseable {
    public static final String PASSWORD = "secret";
    public static final String HOST = "localhost";
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    private final Path directory;
    private final int imapsPort;
    private final int starttlsPort;
    private final int pop3sPort;
    private final int lmtpPort;
    private final Process process;

    private DovecotServer(TestCa.Certificate certificate, String extraConfiguration) throws IOException {
        // Not java.io.tmpdir: paths of Unix sockets may have 107 octets only.
        directory = Files.createTempDirectory(Path.of("/tmp"), "valija-dovecot");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var ports = freePorts(4);
        imapsPort = ports.get(0);
        starttlsPort = ports.get(1);
        pop3sPort = ports.get(2);
        lmtpPort = ports.get(3);
        var mail = Files.createDirectory(directory.resolve("mail"));
        if (ROOT) {
            var nobody = mail.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(mail, nobody);
        }
        Files.copy(certificate.chain(), directory.resolve("server.pem"));
        Files.copy(certificate.key(), directory.resolve("server.key"));
        var configuration = directory.resolve("dovecot.conf");
        Files.writeString(configuration, configuration() + extraConfiguration);
        process = new ProcessBuilder("dovecot", "-F", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("start.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            Awaitility.await("Dovecot").atMost(Duration.ofSeconds(20)).until(this::answers);
        } catch (RuntimeException e) {
            var log = log();
            close();
            throw new IllegalStateException("Dovecot did not start: " + log, e);
        }
    }

    /** Starts one with a good certificate. Skips the test where Dovecot is not installed; fails in CI. */
    public static DovecotServer start() {
        return start(TestCa.good(), "");
    }

    /** Starts one whose configuration ends with these lines. */
    public static DovecotServer start(String extraConfiguration) {
        return start(TestCa.good(), extraConfiguration);
    }

    public static DovecotServer start(TestCa.Certificate certificate, String extraConfiguration) {
        assumeInstalled();
        try {
            return new DovecotServer(certificate, extraConfiguration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the test where Dovecot is not installed; with CI=true that is a failure. */
    public static void assumeInstalled() {
        boolean installed = List.of("/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot").stream()
                .anyMatch(binary -> Files.isExecutable(Path.of(binary)));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("Dovecot must be installed in CI").isTrue();
        }
        Assumptions.assumeTrue(
                installed, "Dovecot is not installed: apt-get install dovecot-imapd dovecot-pop3d dovecot-lmtpd");
    }

    /** IMAP, implicit TLS. */
    public ServerSettings imaps() {
        return new ServerSettings(HOST, imapsPort, Security.TLS);
    }

    /** IMAP that wants STARTTLS. */
    public ServerSettings imapStarttls() {
        return new ServerSettings(HOST, starttlsPort, Security.STARTTLS);
    }

    /** POP3, implicit TLS. */
    public ServerSettings pop3s() {
        return new ServerSettings(HOST, pop3sPort, Security.TLS);
    }

    /** A user's login as account {@code accountId}; sending goes to {@code transport}. */
    public ServerLogin login(long accountId, String user, ServerSettings transport) {
        return new ServerLogin(accountId, imaps(), transport, new Credentials(user, PASSWORD));
    }

    /** Delivers a message into the user's INBOX over LMTP, as a mail server would. */
    public void deliver(String user, byte[] message) {
        try {
            Lmtp.deliver(lmtpPort, user, message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code doveadm} with that input and returns what it says. */
    public String doveadm(byte[] input, String... arguments) {
        try {
            var command = new ArrayList<>(
                    List.of("doveadm", "-c", directory.resolve("dovecot.conf").toString()));
            command.addAll(List.of(arguments));
            var doveadm = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = doveadm.getOutputStream()) {
                in.write(input);
            }
            var said = new String(doveadm.getInputStream().readAllBytes());
            if (doveadm.waitFor() != 0) {
                throw new IllegalStateException("doveadm: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Throws all of a user's sessions out (BYE). */
    public void kick(String user) {
        doveadm(new byte[0], "kick", user);
    }

    /** What Dovecot logged. */
    public String log() {
        var log = new StringBuilder();
        for (var file : List.of("start.log", "dovecot.log")) {
            try {
                log.append(Files.readString(directory.resolve(file)));
            } catch (IOException e) {
                log.append(file).append(" is not there\n");
            }
        }
        return log.toString();
    }

    @Override
    public synchronized void close() {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Directories.delete(directory);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("it ended at once");
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), starttlsPort)) {
            return socket.getInputStream().read() == '*';
        } catch (IOException e) {
            return false;
        }
    }

    static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (var socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private String configuration() {
        var me = System.getProperty("user.name");
        var owner = ROOT ? "uid=nobody gid=nogroup" : "uid=" + me + " gid=" + group();
        // An ordinary user cannot change root or user, so every service runs as that user, in place.
        var unprivileged = """
                default_internal_user = %1$s
                default_internal_group = %2$s
                default_login_user = %1$s
                service anvil {
                  chroot =
                }
                service imap-login {
                  chroot =
                }
                service pop3-login {
                  chroot =
                }
                service stats {
                  chroot =
                }
                """.formatted(me, group());
        return CONFIGURATION
                        .replace("{dir}", directory.toString())
                        .replace("{owner}", owner)
                        .replace("{password}", PASSWORD)
                        .replace("{imaps}", Integer.toString(imapsPort))
                        .replace("{imap}", Integer.toString(starttlsPort))
                        .replace("{pop3s}", Integer.toString(pop3sPort))
                        .replace("{lmtp}", Integer.toString(lmtpPort))
                + (ROOT ? "" : unprivileged);
    }

    private static String group() {
        try {
            var process = new ProcessBuilder("id", "-gn").start();
            return new String(process.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Few imap processes: each takes an inotify instance, and past the system's limit (often 128 a user) IDLE is late.
    private static final String CONFIGURATION = """
            base_dir = {dir}/run
            state_dir = {dir}/state
            log_path = {dir}/dovecot.log
            listen = 127.0.0.1
            protocols = imap pop3 lmtp
            ssl = required
            ssl_cert = <{dir}/server.pem
            ssl_key = <{dir}/server.key
            ssl_min_protocol = TLSv1.2
            disable_plaintext_auth = yes
            auth_mechanisms = plain login
            auth_failure_delay = 0
            mail_max_userip_connections = 1000
            passdb {
              driver = static
              args = password={password}
            }
            userdb {
              driver = static
              args = {owner} home={dir}/mail/%u allow_all_users=yes
            }
            first_valid_uid = 1
            mail_location = maildir:~/Maildir
            mail_fsync = never
            mailbox_list_index = yes
            namespace inbox {
              inbox = yes
              separator = /
              mailbox Drafts {
                special_use = \\Drafts
                auto = subscribe
              }
              mailbox Sent {
                special_use = \\Sent
                auto = subscribe
              }
              mailbox Trash {
                special_use = \\Trash
                auto = subscribe
              }
              mailbox Junk {
                special_use = \\Junk
                auto = subscribe
              }
              mailbox Archive {
                special_use = \\Archive
                auto = subscribe
              }
            }
            service imap-login {
              service_count = 0
              client_limit = 500
              process_limit = 1
              inet_listener imap {
                port = {imap}
              }
              inet_listener imaps {
                port = {imaps}
                ssl = yes
              }
            }
            service pop3-login {
              inet_listener pop3 {
                port = 0
              }
              inet_listener pop3s {
                port = {pop3s}
                ssl = yes
              }
            }
            service imap {
              service_count = 0
              client_limit = 100
              process_limit = 8
            }
            service lmtp {
              inet_listener lmtp {
                port = {lmtp}
              }
            }
            protocol imap {
              mail_plugins =
            }
            """;
}
