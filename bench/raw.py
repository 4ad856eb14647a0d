"""The floor: the commands that a mail client without any cache must send, with nothing parsed but what frames them."""

import re
import socket
import ssl

LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
ROW = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (REFERENCES)])"


class Imap:
    def __init__(self, port, ca, user, password):
        self.context = ssl.create_default_context(cafile=ca)
        plain = socket.create_connection(("localhost", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self.context.wrap_socket(plain, server_hostname="localhost")
        self.file = self.socket.makefile("rb", 1 << 18)
        self.number = 0
        self.file.readline()
        self.run(f"LOGIN {user} {password}")

    def send(self, command):
        self.number += 1
        tag = b"a%d" % self.number
        self.socket.sendall(tag + b" " + command.encode() + b"\r\n")
        return tag

    def answer(self, tag):
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                raise EOFError("the server hung up")
            lines.append(line)
            literal = LITERAL.search(line)
            if literal:
                lines.append(self.file.read(int(literal[1])))
            elif line.startswith(tag + b" "):
                if not line.startswith(tag + b" OK"):
                    raise RuntimeError(line.decode(errors="replace"))
                return lines

    def run(self, command):
        return self.answer(self.send(command))

    def pipeline(self, *commands):
        return [self.answer(tag) for tag in [self.send(command) for command in commands]]

    def select(self, mailbox):
        """How many messages it holds."""
        lines = self.run(f"SELECT {mailbox}")
        return int(next(line for line in lines if b"EXISTS" in line).split()[1])

    def uids(self, criteria):
        lines = self.run(f"UID SEARCH {criteria}")
        return [int(word) for line in lines if line.startswith(b"* SEARCH") for word in line.split()[2:]]

    def idle_until_exists(self, ready, seen):
        """Calls ready() once it idles and seen() at the first EXISTS."""
        tag = self.send("IDLE")
        self.file.readline()
        ready()
        while b"EXISTS" not in self.file.readline():
            pass
        seen()
        self.socket.sendall(b"DONE\r\n")
        self.answer(tag)

    def close(self):
        self.run("LOGOUT")
        self.socket.close()
