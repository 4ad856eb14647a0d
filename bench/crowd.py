"""
Many users at once, each asking again as soon as it has its answer: python3 crowd.py < task.json prints the result.

One thread waits for all connections. It looks at nothing but the end of each answer, so that it takes little of the
machine that it shares with the servers; it says how much.
"""

import json
import resource
import selectors
import socket
import ssl
import sys
import time


class Session:
    """One connection: asks its questions in turn, over and over."""

    def __init__(self, port, context, questions):
        self.socket = socket.create_connection(("localhost" if context else "127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.questions, self.number, self.octets = questions, 0, bytearray()
        self.took, self.refused = [], 0

    def ask(self):
        self.start = time.perf_counter()
        self.send()

    def send(self):
        self.socket.send(self.questions[self.number % len(self.questions)])

    def readable(self):
        """Whether the last of its questions is answered."""
        try:
            while True:
                octets = self.socket.recv(1 << 17)
                if not octets:
                    raise SystemExit(f"crowd: hung up after {bytes(self.octets[-200:])!r}")
                self.octets += octets
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        if not self.answered():
            return False
        if self.is_refusal():
            self.refused += 1
            self.octets.clear()
            return True
        self.octets.clear()
        self.number += 1
        if self.number % len(self.questions):
            self.send()
            return False
        self.took.append((time.perf_counter() - self.start) * 1000)
        return True


class Http(Session):
    def is_refusal(self):
        """Busy, it says so; anything else is a fault of the bench."""
        if self.octets.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503")):
            return self.octets.startswith(b"HTTP/1.1 503")
        raise SystemExit(f"crowd: {bytes(self.octets[:500])!r}")

    def answered(self):
        head = self.octets.find(b"\r\n\r\n")
        if head < 0:
            return False
        at = self.octets.find(b"Content-Length: ", 0, head)
        if at < 0:
            return self.octets.endswith(b"\r\n0\r\n\r\n")
        return len(self.octets) >= head + 4 + int(self.octets[at + 16 : self.octets.index(b"\r", at)])


class Imap(Session):
    """Its questions carry the tag x."""

    def is_refusal(self):
        return False

    def answered(self):
        tail = self.octets.rfind(b"\r\nx ", max(0, len(self.octets) - 300))
        at = tail + 2 if tail >= 0 else 0
        if not self.octets.startswith(b"x ", at) or not self.octets.endswith(b"\r\n"):
            return False
        if not self.octets.startswith(b"x OK", at):
            raise SystemExit(f"crowd: {bytes(self.octets[at:])!r}")
        return True


def main():
    task = json.load(sys.stdin)
    context = ssl.create_default_context(cafile=task["ca"]) if "ca" in task else None
    kind = {"http": Http, "imap": Imap}[task["kind"]]
    selector, sessions = selectors.DefaultSelector(), []
    for each in task["sessions"]:
        session = kind(task["port"], context, [question.encode("latin-1") for question in each["questions"]])
        if each.get("before"):
            session.socket.recv(1 << 16)
            for command in each["before"]:
                session.socket.sendall(command.encode())
                while b"\r\nx " not in b"\r\n" + session.octets or not session.octets.endswith(b"\r\n"):
                    session.octets += session.socket.recv(1 << 16)
                session.octets.clear()
        session.socket.setblocking(False)
        selector.register(session.socket, selectors.EVENT_READ, session)
        sessions.append(session)
    begun, counted, used = time.perf_counter(), None, None
    end = begun + task["warm"] + task["seconds"]
    for session in sessions:
        session.ask()
    while (now := time.perf_counter()) < end:
        if counted is None and now > begun + task["warm"]:
            counted, used = now, resource.getrusage(resource.RUSAGE_SELF)
            for session in sessions:
                session.took.clear()
                session.refused = 0
        for key, _ in selector.select(0.1):
            if key.data.readable():
                key.data.ask()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    took = [each for session in sessions for each in session.took]
    refused = sum(session.refused for session in sessions)
    found = {"took": took, "refused": refused, "seconds": now - counted, "cpu": cpu / (now - counted)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
