"""The messages: the same number makes the same bytes. Many scripts, threads, HTML, attachments; a few that are looked for."""

import base64
import os
import random
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from multiprocessing import Pool

DOMAIN = "bench.test"
START = datetime(2021, 1, 1, tzinfo=timezone.utc)
SPAN = timedelta(days=5 * 365)

# What the rows look for. The common ones are in about a tenth of the messages.
HTML_SUBJECT = "Twenty kilobytes of HTML"
RARE, COMMON, OTHER_COMMON = "xylograph", "invoice", "friday"
BODY_RARE, BODY_COMMON = "zanzibarquartz", "deadline"
ATTACHMENT_OCTETS = 10 << 20

FIRST = (
    "Ana Bo Chloé Dmitri Elif Farid Grace Haruka Ines Jörg Kofi Lin Mateo Åsa Łukasz Дмитрий Ольга 太郎 花子 小明 Μαρία"
).split()
LAST = "Adeyemi Bauer Costa Dubois Eriksen Fischer Garcia Haas Ito Jensen Kaya Lopez Иванов 田中 王 Öztürk".split()
TOPICS = "plan invoice meeting report photos contract release question order trip draft budget roadmap".split()
WORDS = (
    "the of and to in we that is for it with as on you this be are have from or will can more about which when they "
    "there one time please would our your new also see work first after team week people could next last send think "
    "friday monday deadline customer server quarterly migration holiday offer price review launch summer winter"
).split()
FOREIGN = [  # charset, subject, a line of text
    ("iso-8859-1", "Grüße über den Käse", "Schöne Grüße aus München, wir haben die Änderungen geprüft."),
    ("utf-8", "Détails de la réunion ✓", "Voilà les détails : réunion à 14 h, salle été. À bientôt 😀"),
    ("koi8-r", "Отчёт за квартал", "Здравствуйте, отправляю вам отчёт, проверьте цифры до пятницы."),
    ("iso-2022-jp", "会議の資料", "お世話になっております。会議の資料を送ります。"),
    ("gb18030", "季度报告", "您好,附件是本季度的报告,请查收。"),
    ("utf-8", "تقرير الاجتماع", "مرحبا، أرسل لكم تقرير الاجتماع."),
    ("utf-8", "Πρακτικά συνάντησης", "Ευχαριστώ πολύ, τα λέμε σύντομα."),
]
PLAIN = "Content-Type: text/plain; charset=utf-8"


def sentence(random_, length):
    return " ".join(random_.choices(WORDS, k=length)).capitalize() + "."


_POOL = random.Random("paragraphs")
PARAGRAPHS = ["\r\n".join(sentence(_POOL, _POOL.randint(6, 14)) for _ in range(5)) + "\r\n" for _ in range(2000)]
ROWS = [
    f'<tr><td style="padding:8px;color:#333"><p>{sentence(_POOL, 30)}</p></td>'
    f'<td><a href="https://example.org/{n}">{_POOL.choice(TOPICS)}</a></td></tr>\r\n'
    for n in range(2000)
]


def text(random_, octets):
    return "".join(random_.choices(PARAGRAPHS, k=max(1, octets // 300)))


def html(random_, octets):
    return (
        "<html><body><table>\r\n"
        + "".join(random_.choices(ROWS, k=max(1, octets // len(ROWS[0]))))
        + "</table></body></html>\r\n"
    )


def every(count, times):
    """That many numbers, evenly spread, the newest of them a little way from the end."""
    step = max(1, count // times)
    return range(step // 32, count, step)


def html_numbers(count):
    return every(count, 400)


def attachment_numbers(count):
    return every(count, 4)


def is_among(number, numbers):
    return number in numbers  # a range knows without looking


def answered(random_, number):
    """Every third message answers one of the sixty before it, now and then a whole chain of them."""
    chain, at = [], number
    while at > 60 and len(chain) < 12 and random_.random() < (0.6 if chain else 0.34):
        at -= random_.randint(1, 60)
        chain.append(at)
    return chain[::-1]


def subject(number, random_):
    if random_.random() < 0.08:
        return f"{random_.choice(FOREIGN)[1]} {number}"
    return f"{random_.choice(TOPICS)} {' '.join(random_.choices(WORDS, k=random_.randint(1, 4)))} {number}"


def message(number, count):
    """One message: its octets, when it arrived, whether it was seen."""
    random_ = random.Random(number)
    when = START + SPAN * (number / count)
    name = f"{random_.choice(FIRST)} {random_.choice(LAST)}"
    is_html = is_among(number, html_numbers(count))
    is_large = is_among(number, attachment_numbers(count))
    chain = [] if is_html or is_large else answered(random_, number)
    title = subject(chain[0] if chain else number, random.Random(f"subject {chain[0] if chain else number}"))
    if is_html:
        title = f"{HTML_SUBJECT} {number}"
    elif is_among(number + 1, every(count, 20)):
        title += f" {RARE}"
    if chain:
        title = "Re: " + title
    head = [
        f"From: {Header(name, 'utf-8').encode()} <p{random_.randrange(2000)}@example.org>",
        f"To: Bench <big@{DOMAIN}>",
        f"Subject: {title if title.isascii() else Header(title, 'utf-8', maxlinelen=70).encode(linesep=chr(13) + chr(10))}",
        f"Date: {format_datetime(when - timedelta(seconds=random_.randrange(4000)))}",
        f"Message-ID: <{number}@bench.example.org>",
        "MIME-Version: 1.0",
    ]
    if chain:
        ids = [f"<{each}@bench.example.org>" for each in chain]
        head += [f"In-Reply-To: {ids[-1]}", "References: " + "\r\n ".join(ids)]
    kind, content = body(random_, number, 20_000 if is_html else 0, ATTACHMENT_OCTETS if is_large else 0)
    if is_among(number + 2, every(count, 25)):
        kind, content = PLAIN, f"The {BODY_RARE} is here.\r\n".encode() + text(random_, 900).encode()
    head.append(kind)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content, when, random_.random() < 0.8


def body(random_, number, rich_octets, file_octets):
    """The Content-Type field and the body."""
    chance = random_.random()
    if file_octets or (not rich_octets and chance < 0.1):
        file = random_.randbytes(file_octets or random_.randint(2_000, 40_000))
        return (
            f'Content-Type: multipart/mixed; boundary="m{number}"',
            part(f"m{number}", "text/plain; charset=utf-8", text(random_, 600).encode())
            + f"--m{number}\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="file-{number}.pdf"\r\n\r\n'.encode()
            + base64.encodebytes(file).replace(b"\n", b"\r\n")
            + f"--m{number}--\r\n".encode(),
        )
    if rich_octets or chance < 0.4:
        rich = html(random_, rich_octets or random_.randint(2_000, 8_000))
        return (
            f'Content-Type: multipart/alternative; boundary="b{number}"',
            part(f"b{number}", "text/plain; charset=utf-8", text(random_, 400).encode())
            + part(f"b{number}", "text/html; charset=utf-8", rich.encode())
            + f"--b{number}--\r\n".encode(),
        )
    if chance < 0.5:
        charset, _, line = random_.choice(FOREIGN)
        octets = base64.encodebytes((line + "\r\n").encode(charset) * random_.randint(3, 20))
        return (
            f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64",
            octets.replace(b"\n", b"\r\n"),
        )
    return PLAIN, text(random_, random_.randint(300, 2_500)).encode()


def part(boundary, kind, octets):
    return f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + octets


def fill(maildir, count):
    for folder in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, folder), exist_ok=True)
    chunks = [(maildir, first, min(first + 2500, count), count) for first in range(0, count, 2500)]
    with Pool() as pool:
        pool.starmap(write, chunks)


def write(maildir, first, end, count):
    for number in range(first, end):
        octets, when, seen = message(number, count)
        # S= and W= spare Dovecot from opening every file for its size (the lines end in CRLF already).
        name = f"{int(when.timestamp())}.M{number:07d}.bench,S={len(octets)},W={len(octets)}:2,{'S' if seen else ''}"
        path = os.path.join(maildir, "cur", name)
        with open(path, "wb") as file:
            file.write(octets)
        os.utime(path, (when.timestamp(), when.timestamp()))
