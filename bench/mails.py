"""Fills Maildirs: the same seed makes the same bytes. Twin mailboxes are hard links, so they cost no space."""

import os
import random
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime

BENCH_SUBJECT = "Twenty kilobytes of HTML"
START = datetime(2021, 1, 1, tzinfo=timezone.utc)
SPAN = timedelta(days=5 * 365)
FIRST = ["Ana", "Bo", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Haruka", "Ines", "Jörg", "Kofi", "Lin", "Mateo"]
LAST = ["Adeyemi", "Bauer", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haas", "Ito", "Jensen", "Kaya", "Lopez"]
TOPICS = ["plan", "invoice", "meeting", "report", "photos", "contract", "release", "question", "order", "trip", "draft"]
WORDS = (
    "the of and to in we that is for it with as on you this be are have from or will can more about which when they "
    "there one time please would our your new also see work first after team week people could next last send think"
).split()


def sentence(random_, length):
    return " ".join(random_.choice(WORDS) for _ in range(length)).capitalize() + "."


def text(random_, octets):
    lines, size = [], 0
    while size < octets:
        line = sentence(random_, random_.randint(6, 14))
        lines.append(line)
        size += len(line) + 2
    return "\r\n".join(lines) + "\r\n"


def html(random_, octets):
    rows = []
    while sum(map(len, rows)) < octets:
        rows.append(
            f'<tr><td style="padding:8px;color:#333"><p>{sentence(random_, 30)}</p></td>'
            f'<td><a href="https://example.org/{random_.randrange(10**6)}">{random_.choice(TOPICS)}</a></td></tr>\r\n'
        )
    return "<html><body><table>\r\n" + "".join(rows) + "</table></body></html>\r\n"


def bench_numbers(count):
    """Which messages are the 20 KB ones."""
    return range(7, count, count // 50)


def message(number, count, domain):
    """One message: its octets, when it arrived, whether it was seen."""
    random_ = random.Random(number)
    when = START + SPAN * (number / count)
    name = f"{random_.choice(FIRST)} {random_.choice(LAST)}"
    address = f"{name.split()[1].lower()}{random_.randrange(400)}@example.org"
    # Every third message answers one of the fifty before it.
    answered = number - random_.randint(1, 50) if number > 50 and random_.random() < 0.34 else None
    subject = f"{random_.choice(TOPICS)} {random_.choice(WORDS)} {number if answered is None else answered}"
    is_bench = number in bench_numbers(count)
    if is_bench:
        answered = None
        subject = f"{BENCH_SUBJECT} {number}"
    head = [
        f"From: {Header(name, 'utf-8').encode()} <{address}>",
        f"To: Bench <big@{domain}>",
        f"Subject: {'Re: ' if answered else ''}{subject}",
        f"Date: {format_datetime(when)}",
        f"Message-ID: <{number}@bench.example.org>",
        "MIME-Version: 1.0",
    ]
    if answered:
        head += [f"In-Reply-To: <{answered}@bench.example.org>", f"References: <{answered}@bench.example.org>"]
    kind = random_.random()
    if is_bench or kind < 0.3:
        plain, rich = text(random_, 400), html(random_, 20_000 if is_bench else 2_000)
        boundary = f"b{number}"
        body = (
            f"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}"
            f"--{boundary}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{rich}--{boundary}--\r\n"
        )
        head.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
    elif kind < 0.4:
        boundary = f"m{number}"
        body = (
            f"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text(random_, 600)}"
            f"--{boundary}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="file-{number}.pdf"\r\n\r\n'
            + "JVBERi0xLjQK\r\n" * 60
            + f"--{boundary}--\r\n"
        )
        head.append(f'Content-Type: multipart/mixed; boundary="{boundary}"')
    else:
        body = text(random_, random_.randint(300, 2_500))
        head.append("Content-Type: text/plain; charset=utf-8")
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode(), when, random_.random() < 0.8


def fill(maildir, count, domain):
    for folder in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, folder), exist_ok=True)
    for number in range(count):
        octets, when, seen = message(number, max(count, 100), domain)
        # S= and W= spare Dovecot from opening every file for its size (the lines end in CRLF already).
        name = f"{int(when.timestamp())}.M{number:06d}.bench,S={len(octets)},W={len(octets)}:2,{'S' if seen else ''}"
        path = os.path.join(maildir, "cur", name)
        with open(path, "wb") as file:
            file.write(octets)
        os.utime(path, (when.timestamp(), when.timestamp()))


def twin(source, maildir):
    for folder in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, folder), exist_ok=True)
    with os.scandir(os.path.join(source, "cur")) as entries:
        for entry in entries:
            os.link(entry.path, os.path.join(maildir, "cur", entry.name))
