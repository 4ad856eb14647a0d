"""Valija's REST API as the webmail uses it, over one connection that stays open."""

import http.client
import json
import socket
import threading
import time
import uuid

LONGEST_IDLE = 20  # seconds; the web server hangs up after thirty


class Problem(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Answer:
    """When its first octet and its last one came, in milliseconds since it was asked for."""

    def __init__(self, headers, octets, first, took):
        self.headers, self.octets, self.first, self.took = headers, octets, first, took

    def json(self):
        return json.loads(self.octets)


class Client:
    def __init__(self, port, token=None):
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", 1 << 18)
        self.used = time.monotonic()

    def request(self, method, path, body=None, headers=()):
        if time.monotonic() - self.used > LONGEST_IDLE:
            self.close()
            self.connect()
        octets = b"" if body is None else json.dumps(body).encode()
        fields = {"Host": "localhost", **self.headers, **dict(headers)}
        if body is not None:
            fields |= {"Content-Type": "application/json", "Content-Length": len(octets)}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        question = f"{method} /api/v1{path} HTTP/1.1\r\n{head}\r\n".encode() + octets
        start = time.perf_counter()
        self.socket.sendall(question)
        status = int(self.file.readline().split(b" ")[1])
        answered, cookies = {}, []
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            answered[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookies.append(value.strip())
        first, octets = self.body(status, answered)
        took = time.perf_counter()
        self.used = time.monotonic()
        if status >= 400:
            raise Problem(status, f"{method} {path}: {status} {octets[:500].decode(errors='replace')}")
        for cookie in cookies:
            if cookie.startswith("valija_session="):
                self.headers["Cookie"] = cookie.split(";")[0]
        return Answer(answered, octets, (first - start) * 1000, (took - start) * 1000)

    def body(self, status, headers):
        """When its first octet came, and all of them."""
        if status in (204, 304):
            return time.perf_counter(), b""
        if "content-length" in headers:
            length = int(headers["content-length"])
            self.file.peek(1)
            return time.perf_counter(), self.file.read(length)
        first, parts = None, []
        while size := int(self.file.readline(), 16):
            self.file.peek(1)
            first = first or time.perf_counter()
            parts.append(self.file.read(size))
            self.file.readline()
        self.file.readline()
        return first or time.perf_counter(), b"".join(parts)

    def get(self, path):
        return self.request("GET", path)

    def submit(self, message):
        return self.request("POST", "/submissions", message, {"Idempotency-Key": str(uuid.uuid4())})

    def mailbox(self, account, role):
        boxes = self.get(f"/accounts/{account}/mailboxes").json()["items"]
        return next(box for box in boxes if box["role"] == role)

    def close(self):
        self.file.close()
        self.socket.close()


class Lines:
    """The streamed answer to a search, line by line as it comes. Closing hangs up."""

    def __init__(self, port, headers, path):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.start = time.perf_counter()
        self.connection.request("GET", "/api/v1" + path, headers={**headers, "Accept": "application/x-ndjson"})
        self.stream = self.connection.getresponse()
        if self.stream.status != 200:
            raise Problem(self.stream.status, f"{path}: {self.stream.status} {self.stream.read(500)!r}")

    def __iter__(self):
        """Milliseconds since it was asked for, and the line."""
        for line in iter(self.stream.readline, b""):
            yield (time.perf_counter() - self.start) * 1000, json.loads(line)

    def close(self):
        # What http.client does itself first is to read on to the end.
        self.connection.sock and self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


class Events:
    """One open event stream; told(condition) waits for the event that meets it."""

    def __init__(self, port, headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.connection.request("GET", "/api/v1/events", headers={**headers, "Accept": "text/event-stream"})
        self.socket = self.connection.sock
        self.stream = self.connection.getresponse()
        if self.stream.status != 200:
            raise Problem(self.stream.status, f"/events: {self.stream.status}")
        self.happened = threading.Condition()
        self.events = []
        self.closed = False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        name = None
        try:
            for line in iter(self.stream.readline, b""):
                now = time.perf_counter()
                key, _, value = line.decode().rstrip("\r\n").partition(":")
                if key == "event":
                    name = value.strip()
                elif key == "data":
                    with self.happened:
                        self.events.append((now, name, json.loads(value)))
                        self.happened.notify_all()
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # hung up, by either side
        with self.happened:
            self.closed = True
            self.happened.notify_all()

    def forget(self):
        with self.happened:
            self.events.clear()

    def of(self, name, submission):
        """What was told of it so far: when, name, data."""
        with self.happened:
            return [each for each in self.events if each[1] == name and each[2]["submissionId"] == submission]

    def told(self, condition, seconds=30):
        """When the event that meets the condition came."""
        found = lambda: next((now for now, name, data in self.events if condition(name, data)), None)
        with self.happened:
            if not self.happened.wait_for(lambda: self.closed or found() is not None, seconds) or self.closed:
                raise Problem(0, "the event did not come")
            return found()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()
