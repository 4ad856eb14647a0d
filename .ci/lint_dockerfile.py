"""Checks the Dockerfile. hadolint is in no Debian, and docker build --check needs an engine."""

import json
import os
import re
import sys

from dockerfile_reader import copy_parts, read

KNOWN = {"RUN", "COPY", "WORKDIR", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "ARG", "LABEL"}
SECRET = re.compile(r"(?i)(password|secret|token|_key)\b(?!_file)\s*=")

problems = []


def check(holds, problem):
    if not holds:
        problems.append(problem)


def exec_form(arguments):
    try:
        return all(isinstance(word, str) for word in json.loads(arguments))
    except ValueError:
        return False


stages = read("Dockerfile")
names = [stage.name for stage in stages]
for stage in stages:
    tag = stage.base.rpartition(":")[2] if ":" in stage.base else ""
    check(stage.base in names or (tag and tag != "latest"), f"FROM {stage.base}: name a version")
    for instruction, arguments in stage.steps:
        where = f"{instruction} {arguments}"
        check(instruction in KNOWN, f"{where}: not an instruction this project uses")
        check(instruction not in ("ENV", "ARG") or not SECRET.search(arguments), f"{where}: secrets come as files")
        if instruction == "WORKDIR":
            check(arguments.startswith("/"), f"{where}: must be absolute")
        if instruction == "RUN":
            check("sudo" not in arguments.split(), f"{where}: sudo")
            check("apt-get install" not in arguments or "--no-install-recommends" in arguments, f"{where}: recommends")
        if instruction == "COPY":
            source, paths, _ = copy_parts(arguments)
            check(source is None or source in names, f"{where}: no such stage")
            if source is None:
                for path in paths:
                    check(os.path.exists(path), f"{where}: {path} does not exist")

final = stages[-1].steps
last = {instruction: arguments for instruction, arguments in final}
order = [instruction for instruction, _ in final]
user = last.get("USER", "0").split(":")[0]
check(user.isdigit() and int(user) > 0, "the image must name a non-root USER by number")
check(exec_form(last.get("ENTRYPOINT", "")), "ENTRYPOINT must be in exec form, or SIGTERM does not arrive")
health = last.get("HEALTHCHECK", "").partition("CMD ")[2]
check(exec_form(health), "HEALTHCHECK must be there, in exec form")
check("USER" in order and "RUN" not in order[order.index("USER") :], "RUN after USER in the final stage")

ignored = open(".dockerignore", encoding="utf-8").read().split("\n")
check("*" in ignored, ".dockerignore must start from nothing")
for stage in stages:
    for instruction, arguments in stage.steps:
        if instruction == "COPY" and copy_parts(arguments)[0] is None:
            for path in copy_parts(arguments)[1]:
                check(f"!{path.split('/')[0]}" in ignored, f".dockerignore leaves out {path}")

print("\n".join(f"Dockerfile: {problem}" for problem in problems))
steps = sum(len(stage.steps) for stage in stages)
print(f"Dockerfile: {steps} steps in {len(stages)} stages read, {len(problems)} failed")
sys.exit(1 if problems else 0)
