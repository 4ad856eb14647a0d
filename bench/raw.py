"""The floor: the commands that a mail client without any cache must send, with nothing parsed but the tag at the end."""

import re
import socket
import ssl
import threading
import time

ROW = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (REFERENCES)])"


class Imap:
    def __init__(self, port, ca, user, password):
        self.context = ssl.create_default_context(cafile=ca)
        plain = socket.create_connection(("localhost", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self.context.wrap_socket(plain, server_hostname="localhost")
        self.rest = bytearray()
        self.number = 0
        self.until(b"\r\n")
        self.run(f"LOGIN {user} {password}")

    def until(self, end):
        """What comes up to and with that; what comes behind it is kept."""
        while (at := self.rest.find(end)) < 0:
            self.receive()
        octets = bytes(self.rest[: at + len(end)])
        del self.rest[: at + len(end)]
        return octets

    def receive(self):
        octets = self.socket.recv(1 << 16)
        if not octets:
            raise EOFError("the server hung up")
        self.rest += octets

    def send(self, command):
        self.number += 1
        tag = b"a%d" % self.number
        self.socket.sendall(tag + b" " + command.encode() + b"\r\n")
        return tag

    def answer(self, tag):
        mark, looked = tag + b" ", 0
        while True:
            at = 0 if self.rest.startswith(mark) else self.rest.find(b"\r\n" + mark, looked)
            end = self.rest.find(b"\r\n", at + 2) if at >= 0 else -1
            if end >= 0:
                break
            looked = max(0, len(self.rest) - len(mark) - 2) if at < 0 else looked
            self.receive()
        octets = bytes(self.rest[: end + 2])
        del self.rest[: end + 2]
        if not octets[at and at + 2 :].startswith(mark + b"OK"):
            raise RuntimeError(octets[at:].decode(errors="replace"))
        return octets

    def run(self, command):
        return self.answer(self.send(command))

    def pipeline(self, *commands):
        return [self.answer(tag) for tag in [self.send(command) for command in commands]]

    def first_octet(self, command):
        """Milliseconds until the first octet of the answer, and until all of it."""
        start = time.perf_counter()
        tag = self.send(command)
        self.receive()
        first = time.perf_counter()
        self.answer(tag)
        return (first - start) * 1000, (time.perf_counter() - start) * 1000

    def select(self, mailbox):
        """How many messages it holds."""
        return int(re.search(rb"\* (\d+) EXISTS", self.run(f"SELECT {mailbox}"))[1])

    def uids(self, criteria):
        found = re.search(rb"\* SEARCH([ \d]*)", self.run(f"UID SEARCH {criteria}"))
        return [int(word) for word in found[1].split()]

    def sorted_page(self, order, first, last=None):
        """The rows first to last (from 1) in that order."""
        last = last or first + 49
        answer = self.run(f"UID SORT RETURN (PARTIAL {first}:{last}) ({order}) UTF-8 ALL")
        uids = re.search(rb"PARTIAL \(\d+:\d+ ([\d:,]+)\)", answer)[1].decode()
        return self.run(f"UID FETCH {uids} {ROW}")

    def close(self):
        try:
            self.run("LOGOUT")
        except (OSError, EOFError, RuntimeError):
            pass
        self.socket.close()


class Idler:
    """Idles for as long as it is open; told() waits for news of more messages than there were."""

    def __init__(self, imap):
        self.imap = imap
        self.exists = imap.select("INBOX")
        self.seen = threading.Condition()
        self.when = None
        imap.send("IDLE")
        imap.until(b"+ idling\r\n")
        imap.socket.settimeout(None)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        try:
            while True:
                line = self.imap.until(b"\r\n")
                now = time.perf_counter()
                exists = re.fullmatch(rb"\* (\d+) EXISTS\r\n", line)
                if exists and int(exists[1]) > self.exists:
                    with self.seen:
                        self.exists, self.when = int(exists[1]), now
                        self.seen.notify_all()
        except (OSError, EOFError, ValueError):
            pass

    def forget(self):
        with self.seen:
            self.when = None

    def told(self, seconds=30):
        with self.seen:
            if not self.seen.wait_for(lambda: self.when is not None, seconds):
                raise RuntimeError("the server did not tell of the message")
            return self.when

    def close(self):
        # TLS reads by number: were it closed under the reader, that would go on with whatever is opened next.
        self.imap.socket.shutdown(socket.SHUT_RDWR)
        self.reader.join(10)
        self.imap.socket.close()
