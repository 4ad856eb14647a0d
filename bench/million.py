"""An account with a million real messages: written, indexed by Dovecot, filled into the index like any other."""

import random
from contextlib import closing

import mails
import processes
from bench import clock
from client import Lines
from raw import ROW
from report import Figure, Row, Target


def million(bench):
    total = bench.options.million
    if not total:
        return
    user = "million"
    print(f"   writing and indexing {total:,} messages", flush=True)
    mails.fill(bench.dovecot.mail / user / "Maildir", total)
    bench.dovecot.own()
    bench.dovecot.warm(user)
    client = bench.sign_in(user)
    client.get(f"/mailboxes/{client.inbox}/messages?limit=50")
    took = bench.await_index(client, total, 3600)
    bench.report.add(
        Figure(f"index {total:,} messages in the background", f"{total / took:,.0f} rows/s ({took:.0f} s)")
    )
    with closing(client), closing(bench.imap(user, "INBOX")) as raw:
        measure(bench, client, raw, total)
        client.request("DELETE", f"/accounts/{client.account}")


def measure(bench, client, raw, total):
    path = f"/mailboxes/{client.inbox}/messages?limit=50"
    random_ = random.Random(3)
    deep = lambda: random_.randrange(total // 4, total - 50)
    label = f"of {total:,}"

    def row(name, query, floor, most):
        bench.turns(
            f"{label}: {name}",
            lambda n: client.get(query()).took,
            lambda n: clock(floor),
            100,
            warm=20,
            target=Target(most),
            seconds=10,
        )

    row("first page by arrival", lambda: path, lambda: raw.run(f"FETCH {total - 49}:{total} {ROW}"), 4)
    row("first page by date", lambda: f"{path}&sort=-sentAt", lambda: raw.sorted_page("REVERSE DATE", 1), 4)
    row(
        "anywhere by date",
        lambda: f"{path}&sort=-sentAt&offset={deep()}",
        lambda: raw.sorted_page("REVERSE DATE", deep()),
        4,
    )
    for name, sort, order in (
        ("subject", "subject", "SUBJECT"),
        ("size", "-size", "REVERSE SIZE"),
        ("from", "from", "FROM"),
    ):
        row(f"by {name}", lambda: f"{path}&sort={sort}", lambda: raw.sorted_page(order, 1), 6)
        row(
            f"anywhere by {name}",
            lambda: f"{path}&sort={sort}&offset={deep()}",
            lambda: raw.sorted_page(order, deep()),
            6,
        )
    row("threads, first page", lambda: f"{path}&view=threads", lambda: raw.run("UID THREAD REFS UTF-8 ALL"), 8)
    for name, query in (
        ("common word", mails.COMMON),
        ("rare word", mails.RARE),
        ("two words", f"{mails.COMMON}%20{mails.OTHER_COMMON}"),
    ):
        word = query.split("%20")[0]
        row(f"search, {name}", lambda: f"/search?q={query}", lambda: raw.uids(f'OR SUBJECT "{word}" FROM "{word}"'), 40)
    hits = []
    for _ in range(3):
        lines = Lines(client.port, client.headers, f"/search?q=body:{mails.BODY_COMMON}")
        hits.append(next(took for took, line in lines if "hit" in line))
        lines.close()
        processes.until_quiet(bench.servers(), seconds=60)
    bench.report.add(Row(f"{label}: search bodies, first hit of a common word", hits, [], Target(700)))
