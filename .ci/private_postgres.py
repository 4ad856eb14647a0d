"""A PostgreSQL on loopback from the binaries that the application carries."""

import os
import pwd
import secrets
import socket
import subprocess
import zipfile


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_user(user):
    """How subprocess becomes that user, where we are root."""
    return {"user": user, "group": user, "extra_groups": []} if os.getuid() == 0 else {}


class PrivatePostgres:
    def __init__(self, libraries, home):
        self.home = home
        # initdb wants a user that the system knows by name.
        self.user = user = pwd.getpwnam("nobody").pw_uid
        self.port = free_port()
        self.password = secrets.token_hex(16)
        home.mkdir(mode=0o755)
        jar = next(libraries.glob("embedded-postgres-binaries-*.jar"))
        with zipfile.ZipFile(jar) as archive:
            name = next(name for name in archive.namelist() if name.endswith(".txz"))
            archive.extract(name, home)
        (home / "programs").mkdir()
        subprocess.run(["tar", "-xJf", home / name, "-C", home / "programs"], check=True)
        (home / "password").write_text(self.password)
        (home / "data").mkdir()
        if os.getuid() == 0:
            os.chown(home / "data", user, user)
            os.chown(home, user, user)
        self._run("initdb", "-U", "valija", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", f"--pwfile={home}/password")
        self.start()

    def settings(self):
        return {
            "VALIJA_DB_URL": f"jdbc:postgresql://127.0.0.1:{self.port}/postgres",
            "VALIJA_DB_USER": "valija",
            "VALIJA_DB_PASSWORD": self.password,
        }

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "-l", str(self.home / "log"), "-o", options, "-w", "start")

    def stop(self):
        self._run("pg_ctl", "-m", "fast", "-w", "stop", check=False)

    def _run(self, program, *arguments, check=True):
        subprocess.run(
            [self.home / "programs" / "bin" / program, "-D", self.home / "data", *arguments],
            check=check,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=None if check else subprocess.DEVNULL,
            **as_user(self.user),
        )
