"""A private PostgreSQL for tests: its own folder and port, durability off, gone afterwards however it ends."""

# ruff: noqa: S603, S607 a tool for developers: it starts programs of this machine

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60", "shared_buffers": "64MB", "listen_addresses": "127.0.0.1", "autovacuum": "off"}  # autovacuum would hold back the journal's sealer
OLDEST = 15


def programs() -> Path | None:
    """Where initdb and pg_ctl of the newest PostgreSQL lie, from 15 on."""
    folders = [Path(one) for one in glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")]
    folders += [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    return max((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists() and version(one) >= OLDEST), key=version, default=None)


def version(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
        return int(told.split()[2].split(".")[0])
    return 0


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def plain_user() -> dict[str, int]:
    """PostgreSQL refuses root: the user it then runs as."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid}
    raise SystemExit("no user postgres or nobody to run PostgreSQL as")


class Running(str):
    """The address of a database, as JUZHI_DATABASE_URL wants it; its server can be stopped and started again."""

    stop: Callable[[str], None]  # takes pg_ctl's mode: fast, immediate
    start: Callable[[], None]


@contextlib.contextmanager
def cluster() -> Iterator[Running]:
    """A fresh database, and its server."""
    bin_folder, who = programs(), plain_user()
    if bin_folder is None:
        raise FileNotFoundError("no PostgreSQL 15 or later")
    folder = Path(tempfile.mkdtemp(prefix="juzhi-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))  # noqa: S108 a folder of our own in memory
    if who:
        os.chown(folder, who["user"], who["group"])
    port, surroundings = free_port(), {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(*words: str) -> None:
        subprocess.run([str(bin_folder / words[0]), *words[1:]], check=True, env=surroundings, cwd=folder, stdout=subprocess.DEVNULL, extra_groups=[] if who else None, **who)  # type: ignore[arg-type]

    def start() -> None:
        run("pg_ctl", "-D", str(folder / "data"), "-w", "-t", "60", "-l", str(folder / "log"), "-o", f"-p {port} -k {folder} {settings}", "start")

    def stop(mode: str) -> None:
        run("pg_ctl", "-D", str(folder / "data"), "-w", "-m", mode, "stop")

    settings = " ".join(f"-c {name}={value}" for name, value in FAST.items())
    try:
        run("initdb", "-D", str(folder / "data"), "-U", "juzhi", "-A", "trust", "-N", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--locale=C.UTF-8")
        start()
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "juzhi", "-T", "template0", "--lc-collate=C", "--lc-ctype=C.UTF-8", "-E", "UTF8", "juzhi")
        running = Running(f"postgresql://juzhi@127.0.0.1:{port}/juzhi")
        running.start, running.stop = start, stop
        yield running
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            if (folder / "data" / "postmaster.pid").exists():
                stop("fast")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """`python bin/cluster.py COMMAND …`: run a command with JUZHI_DATABASE_URL set to a private cluster."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as address:
        return subprocess.run(sys.argv[1:], env={**os.environ, "JUZHI_DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
