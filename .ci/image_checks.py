"""What an operator relies on, tried on the unpacked image."""

import http.client
import json
import os
import signal
import subprocess
import time
import zipfile

from private_postgres import as_user, free_port  # noqa: F401

results = []


def expect(what, holds, note=""):
    results.append(holds)
    print(f"   {'ok  ' if holds else 'FAIL'} {what}{f' ({note})' if note else ''}", flush=True)
    return holds


def get(port, path, timeout=10):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type") or "", answer.read()
    except OSError:
        return 0, "", b""
    finally:
        connection.close()


def until(condition, seconds):
    """Seconds it took, or None."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if condition():
            return time.monotonic() - start
        time.sleep(0.1)
    return None


def run(stage, image, variables, postgres, secret_texts, user):
    steps = dict(stage.steps)
    port = int(variables["VALIJA_PORT"])
    print("== The image", flush=True)
    contents(image)
    health = json.loads(steps["HEALTHCHECK"].partition("CMD ")[2])
    health[0] = str(image.path(health[0]))
    healthy = lambda: (
        subprocess.run(health, env=variables, stderr=subprocess.DEVNULL, timeout=10, **as_user(user)).returncode == 0
    )
    log_file = image.root.parent / "valija.log"
    with open(log_file, "wb") as log:
        expect("the health check fails while nothing runs", not healthy())
        application = subprocess.Popen(
            json.loads(steps["ENTRYPOINT"]),
            cwd=image.path("."),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **as_user(user),
        )
        try:
            ready = until(lambda: application.poll() is not None or healthy(), 120)
            if expect("it becomes healthy", ready is not None and application.poll() is None, seconds(ready)):
                rehearsed(application)
                answers(application, port, healthy, postgres)
                stops(application)
        finally:
            if application.poll() is None:
                application.kill()
                application.wait()
    text = log_file.read_text(errors="replace")
    expect("the log tells no secret", not any(secret and secret in text for secret in secret_texts))
    expect("the JVM has nothing to say against it", "[aot" not in text and "[cds" not in text)
    failed = results.count(False)
    if failed:
        print(text[-6000:])
    print(f"Dockerfile by hand: {results.count(True)} passed, {failed} failed", flush=True)
    return failed


def contents(image):
    with zipfile.ZipFile(image.path("valija.jar")) as jar:
        names = jar.namelist()
    expect("the jar holds the webmail", "static/index.html" in names)
    expect("the jar holds no demo", not any(n.startswith("dev/valija/demo") or "application-demo" in n for n in names))
    expect("the demo's mail server is not shipped", not list(image.path("lib").glob("greenmail*")))


def rehearsed(application):
    with open(f"/proc/{application.pid}/maps", encoding="utf-8") as maps:
        expect("it knows what the JVM has learnt", "valija.aot" in maps.read())


def answers(application, port, healthy, postgres):
    with open(f"/proc/{application.pid}/status", encoding="ascii") as status:
        uid = next(line for line in status if line.startswith("Uid:")).split()[1]
    expect("it runs as an ordinary user", uid != "0", f"uid {uid}")
    status, kind, body = get(port, "/")
    expect("the webmail is served", status == 200 and kind.startswith("text/html") and b"<script" in body, str(status))
    status, _, body = get(port, "/api/v1/instance")
    expect("no demo is offered", status == 200 and json.loads(body).get("demo", []) == [], str(status))
    expect("nothing but health is open", get(port, "/actuator/env")[0] in (401, 403, 404))
    if postgres:
        postgres.stop()
        start = time.monotonic()
        status = get(port, "/actuator/health/readiness")[0]
        took = time.monotonic() - start
        expect("without PostgreSQL it says 503 within 2 s", status == 503 and took < 2, f"{status} after {took:.2f} s")
        expect("without PostgreSQL it is alive", get(port, "/actuator/health/liveness")[0] == 200)
        postgres.start()
        healed = until(healthy, 30)
        expect("it heals within 10 s of PostgreSQL's return", healed is not None and healed < 10, seconds(healed))


def stops(application):
    start = time.monotonic()
    os.kill(application.pid, signal.SIGTERM)
    try:
        code = application.wait(40)
    except subprocess.TimeoutExpired:
        code = None
    took = time.monotonic() - start
    expect("SIGTERM ends it within 30 s", code in (0, 143) and took < 30, f"exit {code} after {took:.1f} s")


def seconds(value):
    return "never" if value is None else f"{value:.1f} s"
