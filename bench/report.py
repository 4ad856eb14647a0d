"""What was measured, and what PEERS asks of it, as Markdown."""

import os
import platform
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True)
class Target:
    """
    At most so many milliseconds at p50, on a machine where the floor took so many (None: no floor of the same kind).
    Where the floor grows with the mailbox, that was with 100,000 messages.
    """

    most: float
    floor: float | None = None
    grows: bool = False


@dataclass
class Row:
    name: str
    ours: list
    floor: list
    target: Target | None = None
    note: str = ""

    def cells(self, messages=0):
        show = lambda values: (
            [number(percentile(values, share)) for share in (0.5, 0.95, 0.99)] if values else ["–"] * 3
        )
        counts = f"{len(self.ours)}" if len(self.ours) == len(self.floor) else f"{len(self.ours)} / {len(self.floor)}"
        ratio = number(self.ratio()) if self.floor else "–"
        return [self.name, counts, *show(self.ours), *show(self.floor), ratio, *self.verdicts(messages)]

    def ratio(self):
        return percentile(self.ours, 0.5) / percentile(self.floor, 0.5)

    def verdicts(self, messages):
        if not self.target:
            return ["–", "–"]
        absolute = f"{verdict(percentile(self.ours, 0.5) <= self.target.most)} ≤ {number(self.target.most)}"
        if not (self.target.floor and self.floor) or (self.target.grows and messages != 100_000):
            return [absolute, "–"]
        most = self.target.most / self.target.floor
        return [absolute, f"{verdict(self.ratio() <= most)} ≤ {number(most)}"]


@dataclass
class Figure:
    """Something that is no series of times."""

    name: str
    ours: str
    floor: str = "–"
    target: str = "–"
    met: bool | None = None

    def cells(self):
        return [self.name, self.ours, self.floor, self.target, "–" if self.met is None else verdict(self.met)]


@dataclass
class Report:
    command: str
    messages: int
    java: str
    dovecot: str
    parts: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def add(self, part):
        self.parts.append(part)
        print("   " + " | ".join(part.cells()), flush=True)

    def markdown(self):
        rows = [part for part in self.parts if isinstance(part, Row)]
        figures = [part for part in self.parts if isinstance(part, Figure)]
        lines = [
            "# Results",
            "",
            f"Written by `{self.command}` on {date.today()}. Do not edit: the analysis at the end is `LIMITS.md`.",
            "",
            f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, everything on it at once: Dovecot"
            f" {self.dovecot}, PostgreSQL (embedded), Valija (`java {self.java}`), the measuring client. The mailbox"
            f" holds {self.messages:,} messages.",
            "",
            "The *floor* is what a mail client without any cache sends over a warm TLS connection to the same server, with"
            " nothing parsed. Both sides take turns, sample by sample, on twin mailboxes; n is the samples of both, or of"
            " each. Milliseconds until the last octet of the answer. *Target*: what `PEERS.md` asks at p50, in"
            " milliseconds as they were measured on another machine, and as the same multiple of the floor (where it had"
            " a floor of that kind, and one that grows with the mailbox only in one of 100,000).",
            "",
            table(
                [
                    "operation",
                    "n",
                    "Valija p50",
                    "p95",
                    "p99",
                    "floor p50",
                    "p95",
                    "p99",
                    "ratio",
                    "target, ms",
                    "target, ratio",
                ],
                [row.cells(self.messages) for row in rows],
            ),
            "",
        ]
        notes = [f"- {row.name}: {row.note}" for row in rows if row.note]
        lines += [*notes, ""] if notes else []
        if figures:
            lines += [table(["figure", "Valija", "floor", "target", "met"], [each.cells() for each in figures]), ""]
        lines += [*(f"- {what}: {value}" for what, value in self.facts.items()), ""]
        lines.append((HERE / "LIMITS.md").read_text())
        return "\n".join(lines)


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def verdict(met):
    return "met" if met else "**not met**"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3g}"
