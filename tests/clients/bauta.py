"""Starts a real `bauta serve` for a suite, with a data directory of its own.

    with Bauta(registrations="open") as bauta:
        bauta.run("account", "create", "alt_uscis")
        api = Mastodon(api_base_url=bauta.url, access_token=bauta.token("alt_uscis"))
"""

import os
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

PROGRAM = os.environ.get("BAUTA_BIN", str(Path(__file__).parents[2] / "target/debug/bauta"))

# Ends the server when this process is gone and can't: then the pipe on its standard input closes.
WATCHDOG = "trap '' HUP INT QUIT TERM; cat >/dev/null; kill -KILL \"$1\""

# How long starting and stopping may take before the suite gives up.
PATIENCE = 120


class Bauta:
    """A server; it listens from `with` on, and ends with it."""

    def __init__(self, *arguments, registrations=None, environment=None):
        self.arguments = list(arguments)
        if registrations:
            self.arguments += ["--registrations", registrations]
        own = {name: value for name, value in os.environ.items() if not name.startswith("BAUTA_")}
        self.environment = {**own, "BAUTA_RATE_LIMITS": "off", **(environment or {})}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bauta-")
        self.data = os.path.join(self.folder.name, "data")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.domain = f"localhost:{port}"
        self.url = f"http://{self.domain}"
        serve = [PROGRAM, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}", "--domain", self.domain]
        self.said = []
        self.ready = threading.Event()
        self.server = subprocess.Popen(
            serve + self.arguments,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.watchdog = subprocess.Popen(
            ["sh", "-c", WATCHDOG, "bauta-watchdog", str(self.server.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE) or self.server.poll() is not None:
            self._end()
            raise RuntimeError("bauta serve did not get ready; it said:\n" + "".join(self.said))
        return self

    def __exit__(self, *_):
        self.server.terminate()
        try:
            status = self.server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = "nothing: it does not stop when asked to"
        self._end()
        if status != 0:
            raise RuntimeError(f"bauta serve stopped with {status}; it said:\n" + "".join(self.said))

    def run(self, *arguments):
        """Runs a subcommand on the server's data, and gives what it printed."""
        done = subprocess.run(
            [PROGRAM, *arguments, "--data", self.data],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"bauta {' '.join(arguments)}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def token(self, handle, scopes="read write follow push"):
        """An access token for an account."""
        return self.run("token", handle, "--scopes", scopes).splitlines()[-1].strip()

    def _read(self):
        for line in self.server.stdout:
            self.said.append(line)
            if line.startswith("listening on "):
                self.ready.set()
        # It ended: nobody should wait for it any longer.
        self.ready.set()

    def _end(self):
        # The watchdog first: after the server's end its number may be another process's.
        self.watchdog.kill()
        self.watchdog.wait()
        self.watchdog.stdin.close()
        if self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        self.reader.join(5)
        self.server.stdout.close()
        self.folder.cleanup()
