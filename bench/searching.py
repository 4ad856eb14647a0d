"""Search: headers from the index, bodies by the server, stopping, and reading meanwhile."""

import threading
import time

import mails
import processes
from bench import clock
from client import Lines
from raw import ROW
from reading import opened
from report import Row, Target


def search(bench):
    client, raw = bench.big, bench.big_raw
    for name, query, words in (
        ("common word", mails.COMMON, [mails.COMMON]),
        ("rare word", mails.RARE, [mails.RARE]),
        ("no such word", "zq{n}x", ["zq{n}x"]),
        ("prefix", mails.RARE[:5], [mails.RARE[:5]]),
        ("two words", f"{mails.COMMON} {mails.OTHER_COMMON}", [mails.COMMON, mails.OTHER_COMMON]),
        ("sender", "from:ito", ["ito"]),
    ):

        def floor(n):
            criteria = " ".join(f'OR SUBJECT "{word}" FROM "{word}"' for word in words).replace("{n}", str(n))
            found = raw.uids(criteria)[-50:]
            if found:
                raw.run(f"UID FETCH {','.join(map(str, found))} {ROW}")

        def ours(n):
            answer = client.get(f"/search?q={query.replace(' ', '%20').replace('{n}', str(n))}")
            assert bool(answer.json()["items"]) == (name != "no such word"), f"{query}: {answer.octets[:200]}"
            return answer.took

        bench.turns(
            f"search subject or from: {name}",
            ours,
            lambda n: clock(floor, n),
            40 if bench.options.quick else 100,
            target=Target(40, 1805, grows=True),
            seconds=12,
        )


def body_search(bench):
    client = bench.big
    count = 3 if bench.options.quick else 5

    def first_hit(word):
        lines = Lines(client.port, client.headers, f"/search?q=body:{word}&limit=50")
        try:
            for took, line in lines:
                if "hit" in line:
                    return took
            raise SystemExit(f"bench: nothing found of {word}")
        finally:
            lines.close()
            processes.until_quiet(bench.servers(), seconds=40)

    for name, word in (("a rare word", mails.BODY_RARE), ("a common word", mails.BODY_COMMON)):
        bench.turns(
            f"search bodies, first hit of {name}",
            lambda n: first_hit(word),
            lambda n: clock(bench.big_raw.uids, f'BODY "{word}"'),
            count,
            warm=1,
            target=Target(700, 27934, grows=True),
            seconds=60,
            note="the floor is the whole SEARCH: the server tells nothing before its end",
        )
    bench.settle()
    stopped = [stopping(bench, number) for number in range(count)]
    bench.report.add(
        Row(
            "search bodies: from hanging up until the servers are quiet",
            stopped,
            [],
            note="measured in steps of 50 ms; the target is ours",
            target=Target(1000),
        )
    )
    open_while_searching(bench)


def stopping(bench, number):
    """Milliseconds from hanging up in the middle until Dovecot and Valija take no more CPU."""
    client = bench.big
    lines = Lines(client.port, client.headers, f"/search?q=body:nowhere{number}")
    for _, line in lines:
        if "progress" in line or "hit" in line:
            break
    time.sleep(0.1)
    start = time.perf_counter()
    lines.close()
    last, before = start, sum(map(processes.cpu, bench.servers()))
    while time.perf_counter() - last < 0.6 and time.perf_counter() - start < 60:
        time.sleep(0.05)
        now = sum(map(processes.cpu, bench.servers()))
        if now - before > 1 / processes.TICKS:
            last = time.perf_counter()
        before = now
    return (last - start) * 1000


def open_while_searching(bench):
    client = bench.big
    numbers = list(mails.html_numbers(bench.messages))[1::4]
    ids = [bench.id_at(client, number) for number in numbers]
    ended = threading.Event()

    def search_on():
        while not ended.is_set():
            lines = Lines(client.port, client.headers, "/search?q=body:nowhere")
            for _ in lines:
                if ended.is_set():
                    break
            lines.close()

    thread = threading.Thread(target=search_on, daemon=True)
    thread.start()
    time.sleep(1)
    took = [opened(client, ids[n % len(ids)]) for n in range(min(len(ids), 40 if bench.options.quick else 100))]
    ended.set()
    thread.join(30)
    bench.report.add(Row("open a 20 KB HTML message while a body search runs", took[5:], [], Target(8)))
