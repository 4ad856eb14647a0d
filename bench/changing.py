"""Marking, moving, sending."""

import random
import smtplib
import time

import mails
from bench import clock
from client import Events
from report import Row, Target, number, percentile
from servers import PASSWORD

WARM_SENDS = 200  # so many until the JVM has compiled what they take


def marking(bench):
    client, raw, last = bench.big, bench.big_raw, bench.messages
    path = f"/mailboxes/{client.inbox}/messages?limit=500&offset="
    some = [row["id"] for offset in (1000, 1500) for row in client.get(path + str(offset)).json()["items"]]
    random_ = random.Random(1)

    def mark(ids, n):
        answer = client.request("PATCH", "/messages", {"ids": ids, "keywords": {"$flagged": n % 2 == 0}})
        assert answer.json()["changed"] == len(ids), answer.octets[:300]
        return answer.took

    store = lambda which, n: clock(raw.run, f"STORE {which} {'+-'[n % 2]}FLAGS.SILENT (\\Flagged)")
    count = 50 if bench.options.quick else 200
    bench.turns(
        "mark 1",
        lambda n: mark([random_.choice(some)], n),
        lambda n: store(last - 1000 - n, n),
        count,
        target=Target(14, 10.6),
    )
    bench.turns(
        "mark 1,000",
        lambda n: mark(some, n),
        lambda n: store(f"{last - 1999}:{last - 1000}", n),
        20 if bench.options.quick else 60,
        warm=4,
        target=Target(40, 23),
    )


def moving(bench):
    client, raw = bench.small, bench.imap("small-raw", "INBOX")
    archive = client.mailbox(client.account, "archive")["id"]
    path = f"/mailboxes/{client.inbox}/messages?limit=500&offset="
    ids = [row["id"] for offset in (0, 500) for row in client.get(path + str(offset)).json()["items"]]

    def ours(ids):
        def run(n):
            body = {"ids": ids, "mailboxId": archive if n % 2 == 0 else client.inbox}
            answer = client.request("PATCH", "/messages", body)
            assert answer.json()["changed"] == len(ids), answer.octets[:300]
            return answer.took

        return run

    def floor(how_many):
        def run(n):
            source, target = ("INBOX", "Archive") if n % 2 == 0 else ("Archive", "INBOX")
            total = raw.select(source)
            return clock(raw.run, f"MOVE {total - how_many + 1}:{total} {target}")

        return run

    # Even numbers, so that everything ends where it was.
    bench.turns("move 1", ours(ids[:1]), floor(1), 50 if bench.options.quick else 150, warm=10, target=Target(25, 21))
    bench.turns("move 1,000", ours(ids), floor(1000), 10 if bench.options.quick else 40, warm=4, target=Target(70, 52))
    raw.close()


def sending(bench):
    client = bench.small
    events = Events(client.port, client.headers)
    content = "Hello there, this is a line of text.\r\n" * 60
    kept, steps = [], []

    def ours(number):
        events.forget()
        start = time.perf_counter()
        answer = client.submit(
            {
                "from": {"name": "Bench", "email": f"small@{mails.DOMAIN}"},
                "to": [{"name": None, "email": f"friend@{mails.DOMAIN}"}],
                "subject": f"Sent by the bench {number}",
                "text": content,
            }
        )
        kept.append(answer.took)
        id_ = answer.json()["id"]
        ours_in = lambda states: lambda name, data: (
            name == "submission" and data["submissionId"] == id_ and data["state"] in states
        )
        told = events.told(ours_in(("accepted", "filed", "done")))
        events.told(ours_in(("done",)))  # its copy is in Sent before the next one goes
        steps.append({data["state"]: (when - start) * 1000 for when, _, data in events.of("submission", id_)})
        return (told - start) * 1000

    def message(number):
        return f"From: small@{mails.DOMAIN}\r\nTo: friend@{mails.DOMAIN}\r\nSubject: {number}\r\n\r\n{content}"

    def connected():
        server = smtplib.SMTP_SSL("localhost", bench.sink.port, context=bench.smtp_context)
        server.login("small", PASSWORD)
        return server

    warm = connected()
    send = lambda server, number: server.sendmail(f"small@{mails.DOMAIN}", [f"friend@{mails.DOMAIN}"], message(number))
    count = 50 if bench.options.quick else 200
    bench.turns(
        "send until accepted, warm",
        ours,
        lambda n: clock(send, warm, n),
        count,
        warm=WARM_SENDS,
        target=Target(15),
        seconds=60,
        note="until the event says so; the SMTP server is a stand-in that keeps nothing, so its times are no floor of the kind PEERS measured (Postfix, and an APPEND to Sent)",
    )
    bench.report.add(Row("send: the answer to POST (kept, on disk)", kept[WARM_SENDS:], []))
    bench.report.facts["Sending, when each state was told (p50, ms since the POST)"] = ", ".join(
        f"{state} {number(percentile(times, 0.5))}"
        for state in ("queued", "talking", "gate", "accepted", "filed", "done")
        if (times := [step[state] for step in steps[WARM_SENDS:] if state in step])
    )
    warm.close()
    events.close()
