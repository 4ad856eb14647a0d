"""Checks what docker compose config does not: nothing published that should not be, health, secrets as files."""

import re
import sys

import yaml

problems = []


def check(holds, problem):
    if not holds:
        problems.append(problem)


with open("docker-compose.yml", encoding="utf-8") as file:
    compose = yaml.safe_load(file)
with open(".env.example", encoding="utf-8") as file:
    example = dict(line.split("=", 1) for line in file.read().split("\n") if re.match(r"[A-Z_]+=", line))
with open("docker-compose.yml", encoding="utf-8") as file:
    used = set(re.findall(r"\$\{([A-Z_]+)", file.read()))

services = compose["services"]
valija, database = services["valija"], services["db"]

check("ports" not in database, "the database must not be published")
check(compose["networks"]["database"]["internal"], "the database's network must be internal")
check(database["networks"] == ["database"], "the database is on its own network only")
check(all("127.0.0.1" in port for port in valija["ports"]), "Valija is published on loopback by default")
check(valija["depends_on"]["db"]["condition"] == "service_healthy", "Valija waits for a healthy database")
check("healthcheck" in database, "the database needs a health check")
seconds = re.fullmatch(r"(\d+)s", valija["stop_grace_period"])
check(seconds and int(seconds[1]) > 30, "stop_grace_period must exceed the 30 s that Valija may take")
for name, service in services.items():
    for key, value in service.get("environment", {}).items():
        check(not re.search(r"(?i)(password|key)$", key), f"{name}: {key} must be a file")
        if key.endswith("_FILE"):
            secret = str(value).removeprefix("/run/secrets/")
            check(secret in service.get("secrets", []), f"{name}: {key} names no secret of the service")
    for secret in service.get("secrets", []):
        check("file" in compose["secrets"].get(secret, {}), f"{name}: secret {secret} is not declared as a file")
    for volume in service.get("volumes", []):
        check(volume.split(":")[0] in compose["volumes"], f"{name}: volume {volume} is not declared")
for variable in sorted(used - example.keys()):
    problems.append(f"{variable} is missing in .env.example")
for variable in sorted(example.keys() - used - {"COMPOSE_PROJECT_NAME"}):
    problems.append(f"{variable} of .env.example is not used")

print("\n".join(f"docker-compose.yml: {problem}" for problem in problems))
print(f"docker-compose.yml: {len(services)} services read, {len(problems)} failed")
sys.exit(1 if problems else 0)
