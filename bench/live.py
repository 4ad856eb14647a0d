"""Many accounts watched at once: telling of new mail, 200 people listing, memory."""

import json
import smtplib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import mails
import processes
from bench import CROWD, crowd, raw_watched
from client import Events
from raw import Idler
from report import Figure, Row, percentile
from servers import CONNECTION_IDLE, HERE

FORGOTTEN = 660  # seconds: pages and opened messages are kept for ten minutes
LISTED = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"


class Watched:
    """Users signed in with an event stream open each."""

    def __init__(self, bench):
        self.bench, self.clients, self.events = bench, {}, {}

    def grow(self, count):
        def enter(user):
            client = self.bench.sign_in(user)
            client.get(f"/mailboxes/{client.inbox}/messages?limit=50")
            return user, client, Events(client.port, client.headers)

        with ThreadPoolExecutor(4) as pool:
            for user, client, events in pool.map(enter, crowd()[len(self.clients) : count]):
                self.clients[user], self.events[user] = client, events
        for client in self.clients.values():
            self.bench.await_index(client)
        # The watches of this node begin with its next beat, some seconds from now.
        time.sleep(6)
        processes.until_quiet(self.bench.servers(), seconds=60)

    def close(self):
        """Removes the accounts too, or they would be watched for a quarter of an hour."""
        for events in self.events.values():
            events.close()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda c: c.request("DELETE", f"/accounts/{c.account}"), self.clients.values()))
        for client in self.clients.values():
            client.close()
        self.clients, self.events = {}, {}
        processes.until_quiet(self.bench.servers(), seconds=60)


def live(bench):
    watched = Watched(bench)
    watched.grow(1)
    pushing(bench, watched, "1 account watched")
    heaps = {}
    for count in (1, 50, CROWD):
        watched.grow(count)
        time.sleep(CONNECTION_IDLE + 3)  # what was kept warm after signing in is no idle account's
        heaps[count] = bench.valija.live_heap()
    each = (heaps[CROWD] - heaps[50]) / (CROWD - 50) / 1000
    bench.report.add(
        Figure("live heap for each account that has just looked at a list, with what is kept for it", f"{each:.0f} KB")
    )
    bench.report.facts["Live heap"] = ", ".join(
        f"{heap / 1e6:.1f} MB with {count} watched" for count, heap in heaps.items()
    )
    memory(bench, f"memory with {CROWD} users signed in and watching", 400)
    pushing(bench, watched, f"{CROWD} accounts watched")
    listing(bench, watched)
    memory(bench, f"memory after {CROWD} users listed at once", 400)
    watched.close()


def idle(bench):
    """What an account costs while it is watched and nobody has looked for longer than anything is kept for them."""
    watched = Watched(bench)
    heaps = []
    for count in (1, CROWD):
        watched.grow(count)
        time.sleep(FORGOTTEN)
        heaps.append(bench.valija.live_heap())
    each = (heaps[1] - heaps[0]) / (CROWD - 1) / 1000
    name = f"live heap for each account watched, {FORGOTTEN // 60} minutes after the last request"
    bench.report.add(Figure(name, f"{each:.0f} KB", target="≤ 80 KB", met=each <= 80))
    memory(bench, f"memory with {CROWD} users watching, {FORGOTTEN // 60} minutes after the last request", 400)
    watched.close()


def memory(bench, name, most):
    resident = bench.valija.resident()
    bench.report.add(
        Figure(
            name,
            f"{resident:.0f} MB RSS of the JVM, {bench.valija.database_memory():.0f} MB PostgreSQL",
            target=f"≤ {most} MB",
            met=resident <= most,
        )
    )


def pushing(bench, watched, name):
    """From LMTP's 250 to the event in the stream, and to the EXISTS of a raw IDLE on a twin, delivered in turns."""
    users = list(watched.clients)
    raw_users = raw_watched()[: min(len(users), len(raw_watched()))]
    idlers = {user: Idler(bench.imap(user)) for user in raw_users}
    time.sleep(1)
    processes.until_quiet(bench.servers(), seconds=20)
    ours, floor = [], []
    count, warm = (20, 10) if bench.options.quick else (60, 20) if len(users) == 1 else (150, 30)
    with smtplib.LMTP("127.0.0.1", bench.dovecot.lmtp_port) as server:
        for number in range(count + warm):
            user, raw_user = users[number * 7 % len(users)], raw_users[number % len(raw_users)]
            if len(users) == 1:
                time.sleep(0.8)  # its own work on the last one wakes Dovecot's half second once more
            client, events, idler = watched.clients[user], watched.events[user], idlers[raw_user]
            events.forget()
            idler.forget()
            if number % 2:
                mine = deliver(server, user, number)
                time.sleep(0.03)  # both wait for the server's half second at once, apart enough not to meet
                theirs = deliver(server, raw_user, number)
            else:
                theirs = deliver(server, raw_user, number)
                time.sleep(0.03)
                mine = deliver(server, user, number)
            is_told = lambda kind, data: kind == "message" and data["mailboxId"] == client.inbox and data["created"]
            ours.append((events.told(is_told) - mine) * 1000)
            floor.append((idler.told() - theirs) * 1000)
    for idler in idlers.values():
        idler.close()
    ours, floor = ours[warm:], floor[warm:]
    bench.report.add(Row(f"delivered → client told, {name}", ours, floor))
    over = [percentile(ours, share) - percentile(floor, share) for share in (0.5, 0.99)]
    bench.report.add(
        Figure(
            f"told later than a raw IDLE, {name}",
            f"p50 {over[0]:.1f} ms, p99 {over[1]:.1f} ms",
            target="p50 ≤ 5 ms, p99 ≤ 25 ms",
            met=over[0] <= 5 and over[1] <= 25,
        )
    )


def deliver(server, user, number):
    """When the server had accepted it."""
    server.sendmail(
        "x@example.org",
        [user],
        f"From: x@example.org\r\nTo: {user}@{mails.DOMAIN}\r\nSubject: push {number}\r\n"
        f"Message-ID: <push-{number}-{time.time_ns()}@example.org>\r\n\r\nHello.\r\n",
    )
    return time.perf_counter()


def listing(bench, watched):
    """All users ask for their newest 50, each again as soon as it has them."""
    seconds, warm = (6, 3) if bench.options.quick else (20, 10)
    ours = {
        "kind": "http",
        "port": bench.valija.port,
        "sessions": [
            {
                "questions": [
                    f"GET /api/v1/mailboxes/{client.inbox}/messages?limit=50 HTTP/1.1\r\nHost: localhost\r\n"
                    f"Authorization: {client.headers['Authorization']}\r\n\r\n"
                ]
            }
            for client in watched.clients.values()
        ],
    }
    floor = {
        "kind": "imap",
        "port": bench.dovecot.imap_port,
        "ca": bench.ca,
        "sessions": [
            {
                "before": [f"x LOGIN {user} bench\r\n", "x SELECT INBOX\r\n"],
                "questions": [
                    "x UID SORT RETURN (PARTIAL 1:50) (REVERSE DATE) UTF-8 ALL\r\n",
                    f"x FETCH 151:200 {LISTED}\r\n",
                ],
            }
            for user in watched.clients
        ],
    }
    runs = {"ours": [], "floor": []}
    for _ in range(2):
        for side, task in (("ours", ours), ("floor", floor)):
            bench.settle()
            runs[side].append(crowded({**task, "seconds": seconds / 2, "warm": warm / 2}))
    merged = {side: merge(results) for side, results in runs.items()}
    (rate, took, cpu, refused), (raw_rate, raw_took, raw_cpu, _) = merged["ours"], merged["floor"]
    bench.report.add(Row(f"{CROWD} users listing at once", took, raw_took))
    p99 = percentile(took, 0.99)
    bench.report.add(
        Figure(
            f"{CROWD} users listing at once",
            f"{rate:,.0f} requests/s, p99 {p99:.0f} ms" + (f", {refused:,} refused with 503" if refused else ""),
            f"{raw_rate:,.0f} requests/s, p99 {percentile(raw_took, 0.99):.0f} ms",
            f"≥ 3,000 requests/s, p99 ≤ 150 ms (floor was 867: ratio ≥ {3000 / 867:.1f}, here {rate / raw_rate:.1f})",
            rate >= 3000 and p99 <= 150 and not refused,
        )
    )
    bench.report.facts[f"CPU of the load generator with {CROWD} users"] = (
        f"{cpu:.2f} cores against Valija, {raw_cpu:.2f} against Dovecot"
    )


def crowded(task):
    run = subprocess.run(
        [sys.executable, HERE / "crowd.py"], input=json.dumps(task), text=True, stdout=subprocess.PIPE, check=True
    )
    try:
        return json.loads(run.stdout)
    except json.JSONDecodeError as e:
        raise SystemExit(f"crowd: {len(run.stdout)} characters, {run.stdout[:200]!r}") from e


def merge(results):
    took = [each for result in results for each in result["took"]]
    return (
        len(took) / sum(result["seconds"] for result in results),
        took,
        sum(result["cpu"] for result in results) / len(results),
        sum(result["refused"] for result in results),
    )
