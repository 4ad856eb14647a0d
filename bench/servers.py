"""What the bench runs on loopback: a private Dovecot, an SMTP server that takes everything, Valija from its jar."""

import getpass
import grp
import http.client
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from pathlib import Path

PASSWORD = "bench"
DOMAIN = "bench.test"
PROJECT = Path(__file__).resolve().parent.parent


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
        time.sleep(0.05)


class Certificates:
    """A private authority and a certificate for localhost."""

    def __init__(self, directory):
        directory.mkdir()
        self.ca, self.chain, self.key = directory / "ca.pem", directory / "server.pem", directory / "server.key"
        run = lambda *words: subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
        new_key = ("-newkey", "rsa:2048", "-nodes")
        run("req", "-x509", *new_key, "-keyout", directory / "ca.key", "-out", self.ca, "-days", 2, "-subj", "/CN=bench")
        run("req", *new_key, "-keyout", self.key, "-out", directory / "server.csr", "-subj", "/CN=localhost")
        (directory / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1")
        run(
            *("x509", "-req", "-in", directory / "server.csr", "-CA", self.ca, "-CAkey", directory / "ca.key"),
            *("-out", self.chain, "-days", 2, "-CAcreateserial", "-extfile", directory / "names"),
        )


class Dovecot:
    def __init__(self, directory, certificates):
        if not shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin"):
            raise SystemExit("bench: Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd")
        directory.mkdir()
        directory.chmod(0o755)
        self.mail = directory / "mail"
        self.imap_port, self.lmtp_port = free_ports(2)
        root = os.getuid() == 0
        user = "nobody" if root else getpass.getuser()
        group = "nogroup" if root else grp.getgrgid(os.getgid()).gr_name
        text = (Path(__file__).parent / "dovecot.conf").read_text()
        if not root:
            text += (Path(__file__).parent / "dovecot-unprivileged.conf").read_text()
        for name, value in {
            "dir": directory,
            "user": user,
            "group": group,
            "password": PASSWORD,
            "imaps": self.imap_port,
            "lmtp": self.lmtp_port,
            "chain": certificates.chain,
            "key": certificates.key,
        }.items():
            text = text.replace("{" + name + "}", str(value))
        (directory / "dovecot.conf").write_text(text)
        self.command = ["dovecot", "-F", "-c", str(directory / "dovecot.conf")]
        self.environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin")
        self.process = None

    def start(self):
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", self.mail], check=True)
        self.process = subprocess.Popen(self.command, env=self.environment)
        until("Dovecot", lambda: listens(self.imap_port), 20)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)


class SmtpSink:
    """SMTPS that lets everyone in, takes every message and forgets it."""

    def __init__(self, certificates):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.chain, certificates.key)

        class Session(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def setup(self):
                self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def handle(self):
                self.say("220 localhost ESMTP")
                try:
                    while self.answer(self.rfile.readline().strip().upper()):
                        pass
                except (ConnectionError, ssl.SSLError):
                    pass

            def answer(self, line):
                verb = line.split(b" ")[0].split(b":")[0]
                if verb == b"EHLO":
                    self.say("250-localhost\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 AUTH PLAIN LOGIN")
                elif verb == b"AUTH":
                    prompts = {b"AUTH PLAIN": 1, b"AUTH LOGIN": 2}.get(line, 0)
                    for _ in range(prompts):
                        self.say("334 ")
                        self.rfile.readline()
                    self.say("235 2.7.0 in")
                elif verb == b"DATA":
                    self.say("354 go on")
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    self.say("250 2.0.0 taken")
                elif verb in (b"QUIT", b""):
                    return False
                else:
                    self.say("250 2.0.0 ok")
                return True

            def say(self, text):
                self.wfile.write(text.encode() + b"\r\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            handle_error = lambda *_: None  # a client that leaves in the middle

        self.server = Server(("127.0.0.1", 0), Session)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


class Valija:
    """The product from its jar, with an empty database."""

    def __init__(self, directory, jar, certificates):
        directory.mkdir()
        self.log = directory / "valija.log"
        (self.port,) = free_ports(1)
        jdk = subprocess.run([PROJECT / ".ci" / "jdk-25"], check=True, capture_output=True, text=True).stdout.strip()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("VALIJA_")}
        environment |= {"VALIJA_DATA_DIR": str(directory / "data"), "VALIJA_PORT": str(self.port)}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [
                    *(f"{jdk}/bin/java", "-Xmx1g", "-XX:+UseCompactObjectHeaders", "-jar", jar),
                    "--valija.upstream.allowed-hosts=localhost",
                    f"--valija.upstream.trusted-certificates={certificates.ca}",
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until("Valija", self.ready, 120)

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

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS:"))

    def stop(self):
        self.process.terminate()
        self.process.wait(40)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False
