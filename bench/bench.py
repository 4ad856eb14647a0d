"""What all rows share: who is signed in where, the two sides taking turns, quiet before each row."""

import gc
import hashlib
import shutil
import ssl
import time
from contextlib import closing
from functools import cached_property

import mails
import processes
from client import Client, Problem
from raw import Imap
from report import Row
from servers import PASSWORD

CROWD = 200
WATCHED_RAW = 10


class Bench:
    def __init__(self, dovecot, sink, valija, certificates, report, options):
        self.dovecot, self.sink, self.valija, self.ca = dovecot, sink, valija, str(certificates.ca)
        self.report, self.options, self.messages = report, options, options.messages
        self.smtp_context = ssl.create_default_context(cafile=self.ca)
        self.noise = []
        gc.disable()  # a pause of ours would be taken for one of theirs

    # -- mailboxes

    def fill(self):
        """The mailboxes, with Dovecot's cache for them; twins are hard links and cost no space."""
        inbox = lambda user: self.dovecot.mail / user / "Maildir"
        mails.fill(inbox("big"), self.messages)
        mails.fill(inbox("small"), 2000)
        mails.fill(inbox("u001"), 200)
        self.dovecot.start()
        for user in ("big", "small", "u001"):
            self.dovecot.warm(user)
        for user in ("big-raw", "fresh", "fresh-raw"):
            twin(inbox("big"), inbox(user))
        twin(inbox("small"), inbox("small-raw"))
        for user in [*crowd()[1:], *raw_watched()]:
            twin(inbox("u001"), inbox(user))
        self.dovecot.own()

    # -- connections

    def imap(self, user, mailbox=None):
        connection = Imap(self.dovecot.imap_port, self.ca, user, PASSWORD)
        if mailbox:
            connection.select(mailbox)
        return connection

    def login(self, user):
        return {
            "address": f"{user}@{mails.DOMAIN}",
            "password": PASSWORD,
            "server": {
                "imap": {"host": "localhost", "port": self.dovecot.imap_port},
                "smtp": {"host": "localhost", "port": self.sink.port},
            },
        }

    def sign_in(self, user):
        """A client with a token of its own; client.account and client.inbox are the ids."""
        with closing(Client(self.valija.port)) as stranger:
            token = stranger.request("POST", "/tokens", {"name": "bench", **self.login(user)}).json()["token"]
        client = Client(self.valija.port, token)
        client.account = client.get("/accounts").json()["items"][0]["id"]
        client.inbox = client.mailbox(client.account, "inbox")["id"]
        return client

    def await_index(self, client, total=None, seconds=1800):
        """Seconds until INBOX is indexed, with as many messages as it must hold."""
        start = time.monotonic()
        while True:
            box = client.mailbox(client.account, "inbox")
            if box["sync"]["state"] == "complete" and total in (None, box["total"]):
                return time.monotonic() - start
            if time.monotonic() - start > seconds:
                raise SystemExit(f"bench: not indexed after {seconds} s: {box}")
            time.sleep(0.1)

    @cached_property
    def big(self):
        """The user with the big mailbox, indexed."""
        client = self.sign_in("big")
        client.get(f"/mailboxes/{client.inbox}/messages?limit=50")
        self.await_index(client, self.messages)
        return client

    @cached_property
    def big_raw(self):
        return self.imap("big-raw", "INBOX")

    @cached_property
    def small(self):
        client = self.sign_in("small")
        client.get(f"/mailboxes/{client.inbox}/messages?limit=50")
        self.await_index(client, 2000)
        return client

    def id_at(self, client, number):
        """The id of a message, which lies in the list by its number: the oldest is number 0."""
        path = f"/mailboxes/{client.inbox}/messages?limit=1&offset={self.messages - 1 - number}"
        return client.get(path).json()["items"][0]["id"]

    # -- measuring

    def settle(self):
        """Until neither side has anything left to do; the noise of the rest of the machine is noted."""
        if not processes.until_quiet(self.servers()):
            print("   (the servers do not become quiet)", flush=True)
        gc.collect()
        octets, start = bytes(1 << 20), time.perf_counter()
        for _ in range(8):
            hashlib.sha256(octets).digest()
        self.noise.append((time.perf_counter() - start) * 1000)

    def servers(self):
        return [self.valija.process.pid, self.valija.database(), self.dovecot.process.pid]

    def turns(self, name, ours, floor, count, warm=10, target=None, seconds=30, note=""):
        """
        Samples of both sides in turns; each side is given the number of its sample, counted on from the warm-up that is
        thrown away. A side that has used up its seconds is asked no more, once it has five samples.
        """
        self.settle()
        sides = [(ours, [], warm, 0), (floor, [], min(warm, 3), 1)]
        numbers, spent = [0, 0], [0.0, 0.0]

        def sample(side):
            action, _, _, index = side
            start = time.monotonic()
            took = action(numbers[index])
            numbers[index] += 1
            spent[index] += time.monotonic() - start
            return took

        for side in sides:
            for _ in range(side[2]):
                if spent[side[3]] < seconds / 2:
                    sample(side)
        spent = [0.0, 0.0]
        for round_ in range(count):
            # Who goes first alternates too: the second finds warmer caches.
            for side in sides[:: 1 if round_ % 2 == 0 else -1]:
                if spent[side[3]] < seconds or len(side[1]) < 5:
                    side[1].append(sample(side))
        self.report.add(Row(name, sides[0][1], sides[1][1], target, note))

    def skips(self, name, problem):
        """A row that this version of Valija does not know. @raises what is no such refusal"""
        if problem.status != 400:
            raise problem
        print(f"   {name}: left out, Valija answers 400", flush=True)


def clock(action, *arguments):
    start = time.perf_counter()
    action(*arguments)
    return (time.perf_counter() - start) * 1000


def crowd():
    return [f"u{number:03d}" for number in range(1, CROWD + 1)]


def raw_watched():
    return [f"w{number:03d}" for number in range(1, WATCHED_RAW + 1)]


def twin(source, maildir):
    """The same messages as hard links, and Dovecot's index of them."""
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir(parents=True)
    for message in (source / "cur").iterdir():
        (maildir / "cur" / message.name).hardlink_to(message)
    for file in source.glob("dovecot*"):
        shutil.copy2(file, maildir / file.name)
    for folder in ("cur", "new"):
        shutil.copystat(source / folder, maildir / folder)


__all__ = ["Bench", "Problem", "clock", "crowd", "raw_watched"]
