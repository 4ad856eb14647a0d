"""Reads a Dockerfile into stages of (instruction, arguments)."""

import re
from dataclasses import dataclass, field


@dataclass
class Stage:
    base: str
    name: str
    steps: list = field(default_factory=list)


def read(path):
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file.read().split("\n") if not line.lstrip().startswith("#")]
    text = re.sub(r"\\\n", " ", "\n".join(lines))
    stages = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        instruction, _, arguments = line.partition(" ")
        instruction, arguments = instruction.upper(), arguments.strip()
        if instruction == "FROM":
            words = arguments.split()
            stages.append(Stage(words[0], words[2] if len(words) == 3 else ""))
        elif not stages:
            raise SystemExit(f"Dockerfile: {instruction} before FROM")
        else:
            stages[-1].steps.append((instruction, arguments))
    return stages


def copy_parts(arguments):
    """COPY's stage (or None), sources and destination."""
    words = arguments.split()
    stage = None
    while words[0].startswith("--"):
        name, _, value = words.pop(0).partition("=")
        if name == "--from":
            stage = value
    return stage, words[:-1], words[-1]
