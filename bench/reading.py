"""First contact, filling, lists, threads, opening."""

import threading
import time
from contextlib import closing
from email.header import decode_header, make_header

import mails
import processes
from bench import clock
from client import Client, Problem
from raw import ROW
from report import Figure, Row, Target


def contact(bench):
    """From the password to the first page, for a user whom the database has never seen."""
    last = bench.messages
    newest = f"FETCH {last - 49}:{last} {ROW}"
    fresh = "fresh"
    for user in (fresh, "fresh-raw"):  # The server's own index is built once, by whoever comes first.
        with closing(bench.imap(user, "INBOX")) as connection:
            connection.run(newest)

    def ours(_):
        with closing(Client(bench.valija.port)) as client:
            start = time.perf_counter()
            session = client.request("POST", "/session", bench.login(fresh)).json()
            box = client.mailbox(session["accounts"][0]["id"], "inbox")
            page = client.get(f"/mailboxes/{box['id']}/messages?limit=50")
            took = (time.perf_counter() - start) * 1000
            rows = page.json()["items"]
            if len(rows) != 50 or not rows[0]["subject"].endswith(str(newest_number)):
                raise SystemExit(f"bench: not the newest page: {len(rows)} rows, first {rows[0]['subject']!r}")
        # Its indexing in the background must not slow the next one down, and the next one is a stranger again.
        with closing(bench.sign_in(fresh)) as client:
            client.request("DELETE", f"/accounts/{client.account}")
        processes.until_quiet(bench.servers(), seconds=10)
        return took

    def floor(_):
        def run():
            with closing(bench.imap("fresh-raw", "INBOX")) as connection:
                connection.run(newest)

        return clock(run)

    newest_number = subject_number(bench, last - 1)
    bench.settle()
    cold = ours(0)
    bench.report.facts["The very first sign-in to first page, in a JVM just started"] = f"{cold:.0f} ms"
    count = 10 if bench.options.quick else 30
    bench.turns(
        "sign in → first page, first contact",
        ours,
        floor,
        count,
        warm=12,
        target=Target(110, 81),
        seconds=90,
        note="another user's sign-in each time as far as Valija can tell: the account is removed in between",
    )


def subject_number(bench, number):
    """The number at the end of a message's subject: its own or that of the one it answers."""
    head = mails.message(number, bench.messages)[0].split(b"\r\n\r\n")[0].decode()
    subject = head.split("\r\nSubject: ")[1].split("\r\nDate:")[0]
    return str(make_header(decode_header(subject.replace("\r\n", "")))).split(" ")[-1]


def filling(bench):
    """From the first page until the mailbox is indexed, and the same rows as one raw FETCH."""
    with closing(bench.imap("big-raw", "INBOX")) as raw:
        raw.run(f"FETCH 1:1000 {ROW}")
        floor = clock(raw.run, f"FETCH 1:* {ROW}") / 1000
    index_mailbox(bench, "big", f"index {bench.messages:,} messages in the background", floor)
    index_mailbox(bench, "big-raw", "the same once more, by a JVM that has compiled it", floor)
    with closing(bench.sign_in("big-raw")) as client:
        client.request("DELETE", f"/accounts/{client.account}")
    processes.until_quiet(bench.servers(), seconds=60)


def index_mailbox(bench, user, name, floor):
    with closing(bench.sign_in(user)) as client:
        client.get(f"/mailboxes/{client.inbox}/messages?limit=50")
        before = [processes.cpu(server) for server in bench.servers()]
        took = bench.await_index(client, bench.messages)
    cores = [(processes.cpu(server) - was) / took for server, was in zip(bench.servers(), before)]
    rate = bench.messages / took
    bench.report.add(
        Figure(
            name,
            f"{rate:,.0f} rows/s ({took:.1f} s)",
            f"{bench.messages / floor:,.0f} rows/s ({floor:.1f} s)",
            "≥ 10,000 rows/s",
            rate >= 10_000,
        )
    )
    shares = "{:.2f} cores Valija, {:.2f} PostgreSQL, {:.2f} Dovecot".format(*cores)
    bench.report.facts[f"CPU: {name}"] = shares


def lists(bench):
    client, raw, last = bench.big, bench.big_raw, bench.messages
    count = 100 if bench.options.quick else 300
    path = f"/mailboxes/{client.inbox}/messages?limit=50"
    deep = last // 2

    def page(query):
        answer = client.get(path + query)
        assert answer.octets.count(b'"threadId"') == 50, f"{query}: not 50 rows"
        return answer.took

    for _ in range(200):
        page("")
    bench.turns(
        "first page by arrival",
        lambda n: page(""),
        lambda n: clock(raw.run, f"FETCH {last - 49}:{last} {ROW}"),
        count,
        target=Target(4),
        note="the server's own order: the floor is one FETCH, without a SORT",
    )
    bench.turns(
        "first page by date",
        lambda n: page("&sort=-sentAt"),
        lambda n: clock(raw.sorted_page, "REVERSE DATE", 1),
        count,
        target=Target(4, 126, grows=True),
    )
    bench.turns(
        f"page 1000 by date (offset {deep:,})",
        lambda n: page(f"&sort=-sentAt&offset={deep + n}"),
        lambda n: clock(raw.sorted_page, "REVERSE DATE", deep + n + 1),
        count,
        target=Target(4, 165, grows=True),
    )
    bench.turns(
        f"page 1000 by arrival (offset {deep:,})",
        lambda n: page(f"&offset={deep + n}"),
        lambda n: clock(raw.run, f"FETCH {last - deep - n - 49}:{last - deep - n} {ROW}"),
        count,
        target=Target(4),
    )
    for name, sort, order, floor in (
        ("subject", "subject", "SUBJECT", 52),
        ("size", "-size", "REVERSE SIZE", 72),
        ("from", "from", "FROM", 52),
    ):
        bench.turns(
            f"sort by {name}",
            lambda n: page(f"&sort={sort}"),
            lambda n: clock(raw.sorted_page, order, 1),
            count,
            target=Target(6, floor, grows=True),
        )
    bench.turns(
        f"sort by subject, offset {deep:,}",
        lambda n: page(f"&sort=subject&offset={deep + n}"),
        lambda n: clock(raw.sorted_page, "SUBJECT", deep + n + 1),
        count,
        target=Target(6, 52, grows=True),
    )
    unread_first(bench, client, path, count)


def unread_first(bench, client, path, count):
    for sort in ("-unread", "unread"):
        try:
            client.get(f"{path}&sort={sort}")
        except Problem as problem:
            bench.skips(f"sort={sort}", problem)
            continue
        bench.turns(
            "unread first",
            lambda n: client.get(f"{path}&sort={sort}").took,
            lambda n: clock(unread_page, bench.big_raw),
            count,
            target=Target(6),
        )
        return


def unread_page(raw):
    newest = raw.uids("UNSEEN")[-50:]
    raw.run(f"UID FETCH {','.join(map(str, newest))} {ROW}")


def threads(bench):
    client, raw, last = bench.big, bench.big_raw, bench.messages
    path = f"/mailboxes/{client.inbox}/messages?limit=50&view=threads"

    def floor():
        raw.run("UID THREAD REFS UTF-8 ALL")
        raw.run(f"FETCH {last - 49}:{last} {ROW}")

    for name, query in (("first page", ""), ("page 100", "&offset=5000")):
        bench.turns(
            f"thread view, {name}",
            lambda n: client.get(path + query).took,
            lambda n: clock(floor),
            100 if bench.options.quick else 300,
            target=Target(8, 241, grows=True),
        )


def opened(client, id_):
    """Milliseconds for the message and its document, as the webmail asks for them."""
    message = client.get(f"/messages/{id_}")
    document = client.get(message.json()["body"]["html"].removeprefix("/api/v1"))
    assert len(document.octets) > 15_000, "that is not the 20 KB mail"
    return message.took + document.took


def opening(bench):
    client, raw = bench.big, bench.big_raw
    ids = [bench.id_at(client, number) for number in list(mails.html_numbers(bench.messages))[::4]]
    uids = raw.uids(f'SUBJECT "{mails.HTML_SUBJECT}"')[::4]

    def floor(n):
        uid = uids[n % len(uids)]
        return clock(
            raw.pipeline,
            f"UID FETCH {uid} (FLAGS ENVELOPE BODYSTRUCTURE)",
            f"UID FETCH {uid} (BODY.PEEK[HEADER] BODY.PEEK[2])",
        )

    count = 60 if bench.options.quick else 80
    bench.turns(
        "open a 20 KB HTML message, first time",
        lambda n: opened(client, ids[n]),
        floor,
        count,
        warm=20,
        target=Target(8, 1.5),
    )
    bench.turns("open it again", lambda n: opened(client, ids[n % 20]), floor, count, target=Target(3, 1.5))


def attachment(bench):
    client, raw = bench.big, bench.big_raw
    numbers = list(mails.attachment_numbers(bench.messages))
    ids = [bench.id_at(client, number) for number in numbers]
    ours, floors = [], []

    def through_valija(n):
        answer = client.get(f"/messages/{ids[n % len(ids)]}/parts/2")
        assert len(answer.octets) == mails.ATTACHMENT_OCTETS, f"{len(answer.octets)} octets"
        ours.append(answer.first)
        return answer.took

    def floor(n):
        first, took = raw.first_octet(f"FETCH {numbers[n % len(numbers)] + 1} BODY.PEEK[2]")
        floors.append(first)
        return took

    bench.turns(
        "10 MB attachment", through_valija, floor, 12 if bench.options.quick else 40, warm=3, target=Target(105, 64)
    )
    bench.report.add(Row("10 MB attachment, first octet", ours[3:], floors[3:], Target(10)))
    several(bench, ids)


def several(bench, ids):
    """Eight people downloading at once: the JVM must not keep what it passes on."""
    client, most = bench.big, [bench.valija.resident()]
    before, ended = most[0], threading.Event()

    def watch():
        while not ended.wait(0.02):
            most[0] = max(most[0], bench.valija.resident())

    def download():
        with closing(Client(client.port)) as mine:
            mine.headers = client.headers
            for id_ in ids:
                mine.get(f"/messages/{id_}/parts/2")

    watcher = threading.Thread(target=watch)
    watcher.start()
    people = [threading.Thread(target=download) for _ in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    ended.set()
    watcher.join()
    grown = most[0] - before
    bench.report.add(
        Figure(
            f"JVM's growth during {8 * len(ids)} downloads of 10 MB, 8 at once",
            f"{grown:.0f} MB (from {before:.0f})",
            target="≤ 80 MB (8 × 10 MB would be kept)",
            met=grown <= 80,
        )
    )
