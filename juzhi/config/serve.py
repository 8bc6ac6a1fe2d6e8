"""`juzhi run`: web server and worker as one supervised process. Knows nothing of Django, so that it stays small; whatever dies is started again."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from juzhi.config import environment

FIRST_PORT, LAST_PORT = 8000, 8019  # looked through when JUZHI_PORT names none
PATIENCE = 15.0  # seconds a process may take to end what it is doing
LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps dying
HEALTHY = 60.0  # seconds after which a process has proved itself: the next pause is short again
PARENT_DIED = 1  # prctl: which signal comes when the supervisor is gone, however it went


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)


class Unable(Exception):
    """The product cannot start; the message says why and what to do."""


@dataclass
class Child:
    """One supervised process with all its own children, in a session of its own."""

    name: str
    command: list[str]
    surroundings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, env={**os.environ, **self.surroundings}, cwd=environment.ROOT, start_new_session=True, preexec_fn=dies_with_parent(), stdin=subprocess.DEVNULL)  # noqa: S603,PLW1509 our own commands; the supervisor has one thread

    def look(self) -> None:
        """Start it again when it is dead and its pause is over."""
        if self.process is None:
            if time.monotonic() >= self.due_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.sweep()
            self.deaths = 1 if time.monotonic() - self.started_at > HEALTHY else self.deaths + 1
            pause = min(0.5 * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            self.process, self.due_at = None, time.monotonic() + pause
            say(f"{self.name}停了（{code}），{pause:g} 秒后重新启动")

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def sweep(self) -> None:
        """Nothing that it started may stay: a left-over would keep the port or the database."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def dies_with_parent() -> Callable[[], None] | None:
    """What a child does before it runs: ask Linux for SIGTERM when the supervisor dies, even by kill -9. Elsewhere nothing."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        library.prctl(PARENT_DIED, signal.SIGTERM)

    return ask


def wanted_port(host: str) -> int:
    """JUZHI_PORT if it is free, else the first free one from 8000. Raises Unable."""
    named = environment.text("PORT")
    if named and not (named.isdigit() and 0 < int(named) < 65536):
        raise Unable(f"JUZHI_PORT={named} 不是端口号，请写 1 到 65535 之间的数")
    for port in [int(named)] if named else range(FIRST_PORT, LAST_PORT + 1):
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.socket(family, socket.SOCK_STREAM) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((host, port))
            return port
        except PermissionError:
            raise Unable(f"没有使用端口 {port} 的权限，请换一个大于 1023 的：JUZHI_PORT=8000 bin/run")
        except socket.gaierror:
            raise Unable(f"JUZHI_HOST={host} 不是这台机器的地址；只给本机用写 127.0.0.1，给别的机器用写 0.0.0.0")
        except OSError:
            continue
    if named:
        raise Unable(f"端口 {named} 已被占用。换一个：JUZHI_PORT={int(named) % 65000 + 1} bin/run；或先停掉占用它的程序")
    raise Unable(f"端口 {FIRST_PORT} 到 {LAST_PORT} 都被占用。指定一个：JUZHI_PORT=9000 bin/run")


def hold(path: Path) -> IO[str]:
    """The lock that says: this data folder is being served. Raises Unable with the address that serves it already."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise Unable(f"聚智已经在运行，用的是同一个数据目录：{file.read().strip()}。要再开一个，请另设 JUZHI_DATA")
    return file


def children(host: str, port: int, *, is_dev: bool) -> list[Child]:
    worker = Child("后台任务", [sys.executable, "-m", "juzhi.config.cli", "worker"], {} if is_dev else {"JUZHI_COLLECTED": "1"})
    if is_dev:
        return [Child("网页服务", [sys.executable, "manage.py", "runserver", f"{f'[{host}]' if ':' in host else host}:{port}"]), worker]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", environment.text("WORKERS", "1"), "--blocking-threads", environment.text("THREADS", "4"), "--no-ws"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning", "juzhi.config.wsgi:application"]
    return [Child("网页服务", command, {"JUZHI_COLLECTED": "1"}), worker]


class Supervisor:
    """Starts, watches and ends the children; ends itself on SIGINT, SIGTERM or SIGHUP. A second signal does not wait."""

    def __init__(self, kids: list[Child], *, is_dev: bool = False) -> None:
        self.kids, self.is_dev = kids, is_dev
        self.stop = threading.Event()
        self.signals = 0
        self.seen = newest() if is_dev else 0.0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.heard)

    def heard(self, *_: Any) -> None:
        self.signals += 1
        self.stop.set()

    def prepare(self, words: list[str]) -> str:
        """Run `juzhi prepare …` to its end; what it printed. Raises Unable if it failed, KeyboardInterrupt if it was broken off."""
        with tempfile.TemporaryFile("w+") as told:
            kid = Child("准备", [sys.executable, "-m", "juzhi.config.cli", "prepare", *words], {} if self.is_dev else {"JUZHI_COLLECTED": "1"})
            kid.process = process = subprocess.Popen(kid.command, env={**os.environ, **kid.surroundings}, cwd=environment.ROOT, start_new_session=True, preexec_fn=dies_with_parent(), stdout=told)  # noqa: S603,PLW1509
            while process.poll() is None and not self.stop.wait(0.05):
                pass
            if self.stop.is_set():
                self.end([kid])
                raise KeyboardInterrupt
            if process.returncode:
                raise Unable("没有准备好，原因见上面几行。数据没有动；改好后再启动一次，或运行 bin/juzhi doctor")
            told.seek(0)
            return told.read()

    def run(self, when_ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Watch until a signal comes; call `announce` once `when_ready` says so."""
        is_announced = False
        while not self.stop.wait(0.2):
            for kid in self.kids:
                kid.look()
            if not is_announced and when_ready():
                is_announced = True
                announce()
            if self.is_dev:
                self.reload()
        self.end(self.kids)

    def reload(self) -> None:
        """The worker starts anew when code has changed; the development server looks after itself."""
        if (now := newest()) > self.seen:
            self.seen = now
            self.kids[-1].end()
            self.kids[-1].deaths = 0

    def end(self, kids: list[Child]) -> None:
        """Ask all to end, wait a while, then let nothing live."""
        self.signals, until = min(self.signals, 1), time.monotonic() + PATIENCE
        for kid in kids:
            kid.end()
        while any(kid.process is not None and kid.process.poll() is None for kid in kids) and time.monotonic() < until and self.signals < 2:
            time.sleep(0.05)
        for kid in kids:
            kid.sweep()
            if kid.process is not None:
                kid.process.wait()


def newest() -> float:
    return max(path.stat().st_mtime for path in (environment.ROOT / "juzhi").rglob("*.py"))


def answers(host: str, port: int) -> bool:
    """Whether the web server gives any answer."""
    line = http.client.HTTPConnection(reachable(host), port, timeout=10)
    try:
        line.request("GET", "/")
        line.getresponse().read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def reachable(host: str) -> str:
    """Where this machine reaches a server that listens at `host`."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="juzhi run", description="准备数据库，启动网页服务与后台任务；Ctrl-C 结束一切")
    parser.add_argument("--no-demo", action="store_true", help="空库不装演示数据（也可设 JUZHI_DEMO=0）")
    parser.add_argument("--dev", action="store_true", help="开发：改了代码自动重启，出错显示细节")
    options = parser.parse_args(arguments)
    host = environment.text("HOST", "127.0.0.1")
    if options.dev:
        os.environ.setdefault("JUZHI_DEBUG", "1")
    try:
        port = wanted_port(host)
        lock = hold(environment.data_folder() / "run.lock")
        address = environment.text("ADDRESS") or f"http://{f'[{reachable(host)}]' if ':' in host else reachable(host)}:{port}"
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        supervisor = Supervisor(children(host, port, is_dev=options.dev), is_dev=options.dev)
        supervisor.listen()
        words = ["--links", address, *(["--no-demo"] if options.no_demo or not environment.flag("DEMO", True) else [])]
        links = supervisor.prepare(words)
        supervisor.run(lambda: answers(host, port), lambda: say("", f"聚智已启动：{address}", links.rstrip(), "按 Ctrl-C 结束。"))
    except Unable as unable:
        print(unable, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    say("已结束。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
