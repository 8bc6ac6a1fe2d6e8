"""What a running product takes when nobody asks for anything, and how long a new one takes to its first page.

    python bench/idle.py

Starts `juzhi run` with the demonstration in a new data folder (one web worker, one worker for jobs, their supervisor), prints seconds to the first page, and MB of proportional set size
(PSS, /proc/*/smaps_rollup: memory shared with others counts in parts) of each process beside the limit: before and after some pages. Linux only; Python and the libraries are installed already.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 200  # MB
QUIET = 20  # seconds
PAGES = ("/", "/organisations/", "/areas/", "/hosts/", "/search/?q=zs", "/figures/", "/figures/reports/R1/")


def children(pid: int) -> list[int]:
    found = [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]
    return [pid, *(below for one in found for below in children(one))]


def taken(pid: int) -> float:
    """MB of one process."""
    line = next(line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def told(title: str, pid: int) -> None:
    found = [(taken(one), Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")[-60:]) for one in children(pid)]
    print(title)
    for size, words in found:
        print(f"  {size:6.1f} MB  …{words}")
    print(f"  {sum(size for size, _words in found):6.1f} MB  together (limit {LIMIT})")


def answered(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 this machine's own loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "JUZHI_DATA": folder, "JUZHI_PORT": str(port), "JUZHI_HOST": "127.0.0.1"}
        begun = time.monotonic()
        process = subprocess.Popen([sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not answered(f"http://127.0.0.1:{port}/"):
                time.sleep(0.2)
            print(f"first page of a new demonstration after {time.monotonic() - begun:.1f} s")
            time.sleep(QUIET)
            told("idle", process.pid)
            for _round in range(5):
                for page in PAGES:
                    answered(f"http://127.0.0.1:{port}{page}")
            told(f"after {5 * len(PAGES)} pages", process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


if __name__ == "__main__":
    main()
