"""What the bench runs on loopback: a private Dovecot, an SMTP server that takes everything, Valija from its jar."""

import getpass
import grp
import http.client
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import processes

PASSWORD = "bench"
PROJECT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
CONNECTION_IDLE = 20  # seconds; five minutes by default, which is too long to wait for
CACHED = "imap.envelope imap.bodystructure size.virtual date.received date.sent hdr.references"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def until(what, condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"bench: waited {seconds} s in vain for {what}")
        time.sleep(0.02)


class Certificates:
    """A private authority and a certificate for localhost."""

    def __init__(self, directory):
        directory.mkdir()
        self.ca, self.chain, self.key = directory / "ca.pem", directory / "server.pem", directory / "server.key"
        run = lambda *words: subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
        elliptic = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        run(
            "req",
            "-x509",
            *elliptic,
            "-keyout",
            directory / "ca.key",
            "-out",
            self.ca,
            "-days",
            2,
            "-subj",
            "/CN=bench",
        )
        run("req", *elliptic, "-keyout", self.key, "-out", directory / "server.csr", "-subj", "/CN=localhost")
        (directory / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
        run(
            *("x509", "-req", "-in", directory / "server.csr", "-CA", self.ca, "-CAkey", directory / "ca.key"),
            *("-out", self.chain, "-days", 2, "-CAcreateserial", "-extfile", directory / "names"),
        )


class Dovecot:
    def __init__(self, directory, certificates, hibernate):
        if not shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin"):
            raise SystemExit("bench: Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd")
        directory.mkdir()
        directory.chmod(0o755)
        self.mail = directory / "mail"
        self.imap_port, self.lmtp_port = free_ports(2)
        root = os.getuid() == 0
        user = "nobody" if root else getpass.getuser()
        group = "nogroup" if root else grp.getgrgid(os.getgid()).gr_name
        text = (HERE / "dovecot.conf").read_text()
        if hibernate:
            text += (HERE / "dovecot-hibernate.conf").read_text()
        if not root:
            text += (HERE / "dovecot-unprivileged.conf").read_text()
        for name, value in {
            "dir": directory,
            "user": user,
            "group": group,
            "internal": "dovecot" if root else user,
            "password": PASSWORD,
            "imaps": self.imap_port,
            "lmtp": self.lmtp_port,
            "chain": certificates.chain,
            "key": certificates.key,
        }.items():
            text = text.replace("{" + name + "}", str(value))
        self.configuration = directory / "dovecot.conf"
        self.configuration.write_text(text)
        self.environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin")
        self.process = None

    def start(self):
        self.own()
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.configuration)], env=self.environment, start_new_session=True
        )
        until("Dovecot", lambda: listens(self.imap_port), 20)

    def own(self):
        """The files belong to whom Dovecot works as."""
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", self.mail], check=True)

    def warm(self, user):
        """Fills Dovecot's cache with what lists ask for, or its first answers would open every file."""
        subprocess.run(
            ["doveadm", "-c", str(self.configuration), "fetch", "-u", user, CACHED, "mailbox", "INBOX", "all"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def version(self):
        run = subprocess.run(["dovecot", "--version"], env=self.environment, capture_output=True, text=True)
        return run.stdout.split(" ")[0]

    def stop(self):
        if self.process:
            processes.end(self.process, 20)


class SmtpSink:
    def __init__(self, certificates):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "sink.py", certificates.chain, certificates.key],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.port = int(self.process.stdout.readline())

    def stop(self):
        processes.end(self.process, 5)


def jdk(program):
    home = subprocess.run([PROJECT / ".ci" / "jdk-25"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{home}/bin/{program}"


def rehearsed(jar, directory):
    """The jar as the Dockerfile puts it into the image: taken apart, and with what the JVM has learnt in a rehearsal."""
    java, name, classes = jdk("java"), "valija.jar", f"{PROJECT}/target/classes:{PROJECT}/target/demo/*:lib/*"
    run = lambda *command, cwd=PROJECT: subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    run(java, "-Djarmode=tools", "-jar", jar, "extract", "--application-filename", name, "--destination", directory)
    greenmail = ("-DincludeArtifactIds=greenmail", "-DoutputDirectory=target/demo")
    run("./mvnw", "-q", "-B", "dependency:copy-dependencies", *greenmail)
    learning = (java, "-XX:AOTCacheOutput=valija.aot", f"@{PROJECT}/docker/java-options", "-jar", name)
    run(java, "-cp", classes, "dev.valija.demo.Rehearsal", *learning, cwd=directory)
    return directory / name


class Valija:
    """The product from its jar, with an embedded database of its own."""

    def __init__(self, directory, jar, certificates, options):
        directory.mkdir()
        self.directory, self.jar, self.certificates, self.options = directory, jar, certificates, shlex.split(options)
        self.log = directory / "valija.log"
        self.process = None
        learnt = jar.parent / "valija.aot"
        if learnt.exists():
            self.options.append(f"-XX:AOTCache={learnt}")

    def start(self):
        """Seconds until it is ready."""
        (self.port,) = free_ports(1)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("VALIJA_")}
        environment |= {"VALIJA_DATA_DIR": str(self.directory / "data"), "VALIJA_PORT": str(self.port)}
        begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [
                    *(jdk("java"), f"@{PROJECT}/docker/java-options", *self.options),
                    *("-jar", self.jar),
                    "--valija.upstream.allowed-hosts=localhost",
                    f"--valija.upstream.trusted-certificates={self.certificates.ca}",
                    # All users are at one server here, with a watch and a warm connection each.
                    "--valija.upstream.connections-per-host=2000",
                    f"--valija.upstream.connection-idle={CONNECTION_IDLE}s",
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until("Valija", self.ready, 120)
        return time.monotonic() - begun

    def ready(self):
        if self.process.poll() is not None:
            raise SystemExit("bench: Valija ended:\n" + self.log.read_text()[-3000:])
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/actuator/health/readiness")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def resident(self):
        """The JVM's megabytes."""
        return processes.resident(self.process.pid) / 1e6

    def database(self):
        """The process id of its PostgreSQL."""
        (file,) = (self.directory / "data" / "postgres").rglob("postmaster.pid")
        return int(file.read_text().splitlines()[0])

    def database_memory(self):
        """Megabytes of PostgreSQL, what its processes share counted once."""
        return sum(map(processes.proportional, processes.tree(self.database()))) / 1e6

    def live_heap(self):
        """Octets of the objects that are reachable; counting them begins with a full collection.

        Angus gives its connections finalizers, so that one collection more would be needed to be rid of the closed.
        """
        for command in "GC.run", "GC.run_finalization":
            subprocess.run([jdk("jcmd"), str(self.process.pid), command], check=True, stdout=subprocess.DEVNULL)
        histogram = subprocess.run(
            [jdk("jcmd"), str(self.process.pid), "GC.class_histogram"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return int(histogram.strip().splitlines()[-1].split()[-1])

    def stop(self):
        if self.process and self.process.poll() is None:
            files = list((self.directory / "data" / "postgres").rglob("postmaster.pid"))
            database = processes.tree(self.database()) if files else {}
            processes.end(self.process, 40, database)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False
