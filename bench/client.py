"""Valija's REST API as the webmail uses it."""

import http.client
import json
import socket
import threading
import uuid


class Problem(Exception):
    pass


class Client:
    def __init__(self, port, token=None):
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, method, path, body=None, headers=()):
        headers = {**self.headers, **dict(headers)}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, "/api/v1" + path, data, headers)
        answer = self.connection.getresponse()
        octets = answer.read()
        if answer.status >= 400:
            raise Problem(f"{method} {path}: {answer.status} {octets[:500].decode(errors='replace')}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("valija_session="):
                self.headers["Cookie"] = value.split(";")[0]
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return json.loads(octets) if is_json and octets else octets

    def get(self, path):
        return self.request("GET", path)

    def submit(self, message):
        return self.request("POST", "/submissions", message, {"Idempotency-Key": str(uuid.uuid4())})

    def mailbox(self, account, role):
        return next(box for box in self.get(f"/accounts/{account}/mailboxes")["items"] if box["role"] == role)

    def close(self):
        self.connection.close()


class Events:
    """One open event stream; told(condition) waits for the event that meets it."""

    def __init__(self, port, headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        connection.request("GET", "/api/v1/events", headers={**headers, "Accept": "text/event-stream"})
        self.stream = connection.getresponse()
        if self.stream.status != 200:
            raise Problem(f"/events: {self.stream.status}")
        self.connection = connection
        self.happened = threading.Condition()
        self.events = []
        self.closed = False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        name = None
        try:
            for line in iter(self.stream.readline, b""):
                key, _, value = line.decode().rstrip("\r\n").partition(":")
                if key == "event":
                    name = value.strip()
                elif key == "data":
                    with self.happened:
                        self.events.append((name, json.loads(value)))
                        self.happened.notify_all()
        except (OSError, ValueError, AttributeError):
            pass
        with self.happened:
            self.closed = True
            self.happened.notify_all()

    def forget(self):
        with self.happened:
            self.events.clear()

    def told(self, condition, seconds=30):
        with self.happened:
            met = lambda: self.closed or any(condition(name, data) for name, data in self.events)
            if not self.happened.wait_for(met, seconds) or self.closed:
                raise Problem("the event did not come")
