"""SMTPS that lets everyone in, takes every message and forgets it. A process of its own: python3 sink.py CHAIN KEY prints its port."""

import socketserver
import ssl
import sys


class Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    context = None

    def setup(self):
        self.request = self.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        try:
            self.say("220 localhost ESMTP")
            while self.answer(self.rfile.readline().strip().upper()):
                pass
        except (OSError, ssl.SSLError):
            pass  # a client that leaves in the middle

    def answer(self, line):
        verb = line.split(b" ")[0].split(b":")[0]
        if verb == b"EHLO":
            self.say("250-localhost\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 AUTH PLAIN LOGIN")
        elif verb == b"AUTH":
            for _ in range({b"AUTH PLAIN": 1, b"AUTH LOGIN": 2}.get(line, 0)):
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

    def handle_error(self, request, client_address):
        pass  # a client that hangs up during the handshake


if __name__ == "__main__":
    Session.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Session.context.load_cert_chain(sys.argv[1], sys.argv[2])
    with Server(("127.0.0.1", 0), Session) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
