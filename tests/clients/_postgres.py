"""A real PostgreSQL for a suite, on loopback alone and gone with it.

    with Postgres() as url:
        Bauta("--database", url)
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

# The server ends with the pipe on standard input, however its owner ends: `$1` the programs, `$2` the port, `$3` the folder.
WATCHDOG = """
trap '' HUP INT QUIT TERM PIPE
"$1/initdb" -D "$3/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null 2>&1 </dev/null || exit 1
"$1/pg_ctl" -D "$3/data" -w -t 60 -l "$3/log" -o "-h 127.0.0.1 -p $2 -k $3 -F" start >/dev/null 2>&1 </dev/null || exit 1
echo ready
exec >/dev/null
cat >/dev/null
"$1/pg_ctl" -D "$3/data" -m immediate -w -t 20 stop </dev/null
"""


def programs():
    """The folder with PostgreSQL's programs, of the newest version that is installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve()] if on_path else versions[-1:]
    return str(found[0].parent)


def as_somebody():
    """PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`."""
    if os.geteuid() != 0:
        return [], None
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], user


class Postgres:
    """It runs from `with` on."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bauta-pg-", dir="/tmp")
        prefix, user = as_somebody()
        if user:
            os.chown(self.folder.name, user.pw_uid, user.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.server = subprocess.Popen(
            [*prefix, "sh", "-c", WATCHDOG, "bauta-postgres", programs(), str(port), self.folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd="/",
        )
        if self.server.stdout.readline() != "ready\n":
            self.__exit__()
            raise RuntimeError("PostgreSQL does not start")
        return f"postgres://postgres@127.0.0.1:{port}/postgres"

    def __exit__(self, *_):
        self.server.stdin.close()
        self.server.wait(60)
        self.server.stdout.close()
        self.folder.cleanup()
