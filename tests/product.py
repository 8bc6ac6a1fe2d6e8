"""A whole product of its own beside the test's database: data folder, database, commands as processes. For what only real processes show."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
SETUP = "import django; django.setup(); from django.utils import timezone; from juzhi.base.actors import System; by = System('测试', timezone.now())\n"


@dataclass
class Product:
    """Where it lies, and the environment of its processes."""

    data: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`juzhi …` to its end."""
        return subprocess.run([sys.executable, "-m", "juzhi.config.cli", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """A process of its own, in a session of its own; whoever starts it ends it."""
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def python(self, code: str) -> str:
        """What `code` prints, run with Django ready and `by` the product itself."""
        done = subprocess.run([sys.executable, "-c", SETUP + code], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def product(data: Path) -> Iterator[Product]:
    """On the kind of database that this run of the suite is about; nothing is in it yet."""
    data.mkdir(mode=0o700, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUZHI_", "PYTEST_"))}
    environment |= {"JUZHI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "juzhi.config.settings"}
    url = os.environ.get("JUZHI_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield Product(data, environment)
        return
    name, parts = f"juzhi_product_{secrets.token_hex(4)}", urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as line:
        line.execute(f"create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'")
        try:
            yield Product(data, {**environment, "JUZHI_DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))})
        finally:
            line.execute(f"drop database {name} with (force)")


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Look often; fail when it does not become true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.05)
