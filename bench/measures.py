"""The measured operations. Each is a pair: through Valija, and the raw floor on a twin mailbox, taken in turns."""

import random
import smtplib
import ssl
import threading
import time
from contextlib import closing

import mails
from client import Client, Events
from raw import ROW, Imap
from servers import DOMAIN, PASSWORD


class Series:
    def __init__(self, name, valija, floor):
        self.name, self.valija, self.floor = name, valija, floor


def clock(action, *arguments):
    start = time.perf_counter()
    action(*arguments)
    return (time.perf_counter() - start) * 1000


def in_turns(name, count, valija, floor):
    ours, raw = [], []
    for number in range(count):
        # Who goes first alternates too: the second finds warmer caches.
        for side in ((ours, valija), (raw, floor))[:: 1 if number % 2 == 0 else -1]:
            side[0].append(side[1](number))
    print(f"   {name}: {sorted(ours)[len(ours) // 2]:.1f} ms, floor {sorted(raw)[len(raw) // 2]:.1f} ms", flush=True)
    return Series(name, ours, raw)


class Bench:
    def __init__(self, dovecot, smtp, valija, certificates, messages):
        self.dovecot, self.smtp, self.valija = dovecot, smtp, valija
        self.ca, self.messages = str(certificates.ca), messages
        self.facts = {}
        self.smtp_context = ssl.create_default_context(cafile=self.ca)

    # -- helpers

    def imap(self, user, mailbox=None):
        connection = Imap(self.dovecot.imap_port, self.ca, user, PASSWORD)
        if mailbox:
            connection.select(mailbox)
        return connection

    def sign_in_body(self, user):
        return {
            "address": f"{user}@{DOMAIN}",
            "password": PASSWORD,
            "server": {
                "imap": {"host": "localhost", "port": self.dovecot.imap_port},
                "smtp": {"host": "localhost", "port": self.smtp.port},
            },
        }

    def sign_in(self, user):
        """A client with a token, the account's id."""
        body = {"name": "bench", **self.sign_in_body(user)}
        with closing(Client(self.valija.port)) as stranger:
            token = stranger.request("POST", "/tokens", body)["token"]
        client = Client(self.valija.port, token)
        return client, client.get("/accounts")["items"][0]["id"]

    def await_index(self, client, account, role, total):
        """Seconds until the mailbox is indexed."""
        start = time.monotonic()
        while True:
            box = client.mailbox(account, role)
            if box["sync"]["state"] == "complete" and box["total"] == total:
                return time.monotonic() - start
            if time.monotonic() - start > 900:
                raise SystemExit(f"bench: {role} is not indexed after 15 minutes: {box}")
            time.sleep(0.25)

    # -- operations

    def first_page(self, users):
        """From the password to the first page, for users that the database has never seen."""

        def through_valija(number):
            user = users[number]
            with closing(Client(self.valija.port)) as client:
                start = time.perf_counter()
                session = client.request("POST", "/session", self.sign_in_body(user))
                box = client.mailbox(session["accounts"][0]["id"], "inbox")
                page = client.get(f"/mailboxes/{box['id']}/messages?limit=50")
                took = (time.perf_counter() - start) * 1000
                newest = page["items"][0]["subject"]
                if len(page["items"]) != 50 or not newest.endswith(self.newest_subject):
                    raise SystemExit(f"bench: not the newest page: {len(page['items'])} rows, first {newest!r}")
            # Its indexing in the background must not slow the next one down.
            client, account = self.sign_in(user)
            with closing(client):
                client.request("DELETE", f"/accounts/{account}")
            return took

        def floor(number):
            def run():
                with closing(self.imap(users[number], "INBOX")) as connection:
                    connection.run(f"FETCH {self.messages - 49}:{self.messages} {ROW}")

            return clock(run)

        octets = mails.message(self.messages - 1, max(self.messages, 100), DOMAIN)[0]
        subject = next(line for line in octets.split(b"\r\n") if line.startswith(b"Subject: "))
        self.newest_subject = subject.decode()[len("Subject: ") :]
        for user in users:  # The server's own index is built once, by whoever comes first.
            with closing(self.imap(user, "INBOX")) as connection:
                connection.run(f"FETCH {self.messages - 49}:{self.messages} {ROW}")
        return in_turns("sign in to the first page, database without the user", len(users), through_valija, floor)

    def reading(self, count):
        client, account = self.sign_in("big")
        box = client.mailbox(account, "inbox")["id"]
        client.get(f"/mailboxes/{box}/messages?limit=50")
        indexed = self.await_index(client, account, "inbox", self.messages)
        self.facts[f"All {self.messages:,} messages indexed, after the first page"] = f"{indexed:.0f} s"
        print(f"   all {self.messages} messages indexed after {indexed:.1f} s", flush=True)
        raw = self.imap("big-raw", "INBOX")
        last, random_ = self.messages, random.Random(1)
        page = lambda path: clock(client.get, path)
        rows = lambda first: clock(raw.run, f"FETCH {first}:{first + 49} {ROW}")
        found = raw.uids(f'SUBJECT "{mails.BENCH_SUBJECT}"')
        deep = last // 2
        yield in_turns(
            "list: first page",
            count,
            lambda _: page(f"/mailboxes/{box}/messages?limit=50"),
            lambda _: rows(last - 49),
        )
        yield in_turns(
            f"list: 50 rows at offset {deep}",
            count,
            lambda n: page(f"/mailboxes/{box}/messages?limit=50&offset={deep + n}"),
            lambda n: rows(last - deep - n - 49),
        )
        yield in_turns(
            f"list by subject: 50 rows at offset {deep}",
            max(5, count // 5),
            lambda n: page(f"/mailboxes/{box}/messages?limit=50&sort=subject&offset={deep + n}"),
            lambda n: self.raw_sorted_page(raw, deep + n),
        )
        ids = self.ids_of_bench_mails(client, box)

        def open_through_valija(n):
            def run():
                message = client.get(f"/messages/{ids[n % len(ids)]}")
                document = client.get(message["body"]["html"].removeprefix("/api/v1"))
                assert len(document) > 15_000, "that is not the 20 KB mail"

            return clock(run)

        yield in_turns(
            "open a 20 KB HTML mail",
            count,
            open_through_valija,
            lambda n: clock(
                raw.pipeline,
                f"UID FETCH {found[n % len(found)]} (FLAGS ENVELOPE BODYSTRUCTURE)",
                f"UID FETCH {found[n % len(found)]} (BODY.PEEK[HEADER] BODY.PEEK[2])",
            ),
        )
        some = [row["id"] for row in client.get(f"/mailboxes/{box}/messages?limit=500&offset=1000")["items"]]
        some += [row["id"] for row in client.get(f"/mailboxes/{box}/messages?limit=500&offset=1500")["items"]]
        mark = lambda ids, n: clock(
            client.request, "PATCH", "/messages", {"ids": ids, "keywords": {"$flagged": n % 2 == 0}}
        )
        store = lambda which, n: clock(raw.run, f"STORE {which} {'+-'[n % 2]}FLAGS.SILENT (\\Flagged)")
        yield in_turns(
            "mark 1 message",
            count,
            lambda n: mark([random_.choice(some)], n),
            lambda n: store(last - 1000 - n, n),
        )
        yield in_turns(
            "mark 1,000 messages",
            max(5, count // 2),
            lambda n: mark(some, n),
            lambda n: store(f"{last - 1999}:{last - 1000}", n),
        )
        client.close()
        raw.close()

    def raw_sorted_page(self, raw, offset):
        def run():
            lines = raw.run("UID SORT (SUBJECT) UTF-8 ALL")
            uids = next(line for line in lines if line.startswith(b"* SORT")).split()[2:]
            raw.run(f"UID FETCH {b','.join(uids[offset:offset + 50]).decode()} {ROW}")

        return clock(run)

    def ids_of_bench_mails(self, client, mailbox):
        """Where they lie in the list follows from their numbers: the oldest is number 0."""
        ids = []
        for number in mails.bench_numbers(self.messages):
            path = f"/mailboxes/{mailbox}/messages?limit=1&offset={self.messages - 1 - number}"
            row = client.get(path)["items"][0]
            if not row["subject"].startswith(mails.BENCH_SUBJECT):
                raise SystemExit(f"bench: at {path} is {row['subject']!r}, not a 20 KB mail")
            ids.append(row["id"])
        return ids

    def moving(self, count):
        client, account = self.sign_in("small")
        inbox, archive = client.mailbox(account, "inbox")["id"], client.mailbox(account, "archive")["id"]
        client.get(f"/mailboxes/{inbox}/messages")
        self.await_index(client, account, "inbox", 2000)
        raw = self.imap("small-raw", "INBOX")
        ids = []
        for offset in (0, 500):
            ids += [row["id"] for row in client.get(f"/mailboxes/{inbox}/messages?limit=500&offset={offset}")["items"]]

        def through_valija(ids):
            def run(number):
                body = {"ids": ids, "mailboxId": archive if number % 2 == 0 else inbox}
                start = time.perf_counter()
                result = client.request("PATCH", "/messages", body)
                took = (time.perf_counter() - start) * 1000
                if result["changed"] != len(ids):
                    raise SystemExit(f"bench: moved {result['changed']} of {len(ids)}: {result['failed'][:3]}")
                return took

            return run

        def floor(how_many):
            def run(number):
                source, target = ("INBOX", "Archive") if number % 2 == 0 else ("Archive", "INBOX")
                total = raw.select(source)
                return clock(raw.run, f"MOVE {total - how_many + 1}:{total} {target}")

            return run

        even = count // 2 * 2  # so that everything ends where it was
        yield in_turns("move 1 message", even, through_valija(ids[:1]), floor(1))
        yield in_turns("move 1,000 messages", max(6, even // 4 * 2), through_valija(ids), floor(1000))
        client.close()
        raw.close()

    def sending(self, count):
        client, account = self.sign_in("small")
        events = Events(self.valija.port, client.headers)
        content = "Hello there, this is a line of text.\r\n" * 60

        def through_valija(number):
            start = time.perf_counter()
            submission = client.submit(
                {
                    "from": {"name": "Bench", "email": f"small@{DOMAIN}"},
                    "to": [{"name": None, "email": f"friend@{DOMAIN}"}],
                    "subject": f"Sent by the bench {number}",
                    "text": content,
                }
            )
            taken = ("accepted", "filed", "done")
            events.told(
                lambda name, data: name == "submission"
                and data["submissionId"] == submission["id"]
                and data["state"] in taken
            )
            return (time.perf_counter() - start) * 1000

        def floor(number):
            def run():
                with smtplib.SMTP_SSL("localhost", self.smtp.port, context=self.smtp_context) as server:
                    server.login("small", PASSWORD)
                    text = f"From: small@{DOMAIN}\r\nTo: friend@{DOMAIN}\r\nSubject: {number}\r\n\r\n{content}"
                    server.sendmail(f"small@{DOMAIN}", [f"friend@{DOMAIN}"], text)

            return clock(run)

        yield in_turns("send, until the SMTP server has accepted it and we are told", count, through_valija, floor)
        client.close()

    def pushing(self, count):
        client, account = self.sign_in("small")
        inbox = client.mailbox(account, "inbox")["id"]
        events = Events(self.valija.port, client.headers)
        raw = self.imap("small-raw", "INBOX")
        time.sleep(2)  # until the watcher idles

        def through_valija(number):
            events.forget()
            deliver = self.deliver("small", number)
            events.told(lambda name, data: name == "message" and data["mailboxId"] == inbox and data["created"])
            return (time.perf_counter() - deliver) * 1000

        def floor(number):
            idles, seen = threading.Event(), []
            thread = threading.Thread(
                target=raw.idle_until_exists, args=(idles.set, lambda: seen.append(time.perf_counter()))
            )
            thread.start()
            idles.wait(10)
            deliver = self.deliver("small-raw", number)
            thread.join(30)
            return (seen[0] - deliver) * 1000

        yield in_turns("new mail: from LMTP's 250 to the event in the browser's stream", count, through_valija, floor)
        client.close()

    def deliver(self, user, number):
        """When the server accepted it."""
        text = f"From: x@example.org\r\nTo: {user}@{DOMAIN}\r\nSubject: push {number}\r\nMessage-ID: <push-{number}-{time.time_ns()}@example.org>\r\n\r\nHello.\r\n"
        with smtplib.LMTP("127.0.0.1", self.dovecot.lmtp_port) as server:
            server.sendmail("x@example.org", [user], text)
            return time.perf_counter()
