"""A PostgreSQL of the tests' own: its binaries, a folder that goes with it, one socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

_START = 30  # seconds


class NoPostgres(Exception):  # noqa: N818 - a reason, not a fault
    """There is none to be had on this machine."""


class Server:
    """One server; `url` is a database of its own, which is empty."""

    def __init__(self, binaries, folder, user):
        self.binaries, self.folder, self.user = binaries, folder, user
        self.process = None
        self._made = 0

    def run(self, program, *arguments):
        done = subprocess.run(  # noqa: S603 - the server's own programs
            [self.binaries / program, *arguments],
            user=self.user, cwd=self.folder, env=self._environment(),
            capture_output=True, text=True, check=False, timeout=_START,
        )  # fmt: skip
        if done.returncode:
            raise NoPostgres(f"{program}: {done.stderr.strip()}")

    def start(self):
        """Start it, and wait until it takes connections."""
        self.process = subprocess.Popen(  # noqa: S603 - as above
            [self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder,
             "-c", "listen_addresses=", "-c", "fsync=off"],
            user=self.user, cwd=self.folder, env=self._environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(_START * 10):
            try:
                self.run("pg_isready", "-q", "-h", self.folder, "-t", "1")
                return
            except NoPostgres:
                if self.process.poll() is not None:
                    raise
        raise NoPostgres("it does not start")

    def stop(self):
        """End it as a machine that fails does: connections break at once."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(_START)

    def new(self):
        """Make an empty database; return its URL."""
        self._made += 1
        name = f"pivot{self._made}"
        self.run("createdb", "-h", self.folder, "-U", "pivot", name)
        return f"postgresql://pivot@/{name}?host={self.folder}"

    def _environment(self):
        return {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)}


@contextmanager
def running():
    """Run a server for as long as it is needed; raises NoPostgres."""
    folder = Path(tempfile.mkdtemp(prefix="ari_pivot-postgres-"))
    user = _user()
    server = Server(_binaries(), folder, user)
    try:
        if user is not None:
            shutil.chown(folder, user)
        server.run("initdb", "-D", "data", "-U", "pivot", "-A", "trust", "-N", "-E", "UTF8")
        server.start()
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _binaries():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # Debian's
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    folders = [one for one in folders if (one / "initdb").exists()]
    if not folders:
        raise NoPostgres("its programs are not installed: on Debian, apt-get install postgresql")
    return folders[-1]


def _user():
    """Return whom it runs as: root may not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise NoPostgres("there is no user but root")
