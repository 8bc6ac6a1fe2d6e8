"""`juzhi run` as real processes: what dies comes back, and when it ends nothing is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from juzhi.config.serve import LONGEST_PAUSE, Child
from tests.product import Product, product, wait_until

SERVE = ("-m", "juzhi.config.serve", "--no-demo")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Product]:
    with socket.socket() as free, product(tmp_path / "data") as found:
        free.bind(("127.0.0.1", 0))
        found.environment["JUZHI_PORT"] = str(free.getsockname()[1])
        free.close()
        yield found
        for pid in family(found):
            os.kill(pid, signal.SIGKILL)


def family(made: Product) -> dict[int, str]:
    """Every living process of this product: its data folder stands in the environment."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if f"JUZHI_DATA={made.data}\0".encode() in (folder / "environ").read_bytes() and "\nState:\tZ" not in (folder / "status").read_text():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


def one(made: Product, word: str) -> int:
    """The topmost process whose command has `word`, whatever numbers the machine gives out; 0 if there is none."""
    found = [pid for pid, command in family(made).items() if word in command]
    return next((pid for pid in found if parent(pid) not in found), 0)


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def answers(made: Product) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{made.environment['JUZHI_PORT']}/account/login/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def is_up(made: Product) -> bool:
    return answers(made) and bool(one(made, "cli worker"))


def test_what_dies_comes_back_and_the_end_leaves_nothing(made: Product) -> None:
    supervisor = made.start(*SERVE)
    wait_until(lambda: is_up(made))
    worker, web = one(made, "cli worker"), one(made, "granian")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: one(made, "cli worker") not in (0, worker))
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: one(made, "granian") not in (0, web) and parent(one(made, "granian")) == supervisor.pid and answers(made))  # not what the dead one left behind
    second = subprocess.run([*supervisor.args], cwd=Path(__file__).parents[2], env={**made.environment, "JUZHI_PORT": ""}, capture_output=True, text=True, timeout=60)
    assert (second.returncode, "已经在运行" in second.stderr) == (2, True)
    begun = time.monotonic()
    supervisor.send_signal(signal.SIGTERM)
    told = supervisor.communicate(timeout=30)[0]
    assert (supervisor.returncode, family(made)) == (0, {})
    assert time.monotonic() - begun < 20
    assert "聚智已启动：http://127.0.0.1" in told and "后台任务停了（-9）" in told and "网页服务停了（-9）" in told and told.endswith("已结束。\n")


def test_even_a_killed_supervisor_leaves_nothing_and_the_next_start_goes_on(made: Product) -> None:
    supervisor = made.start(*SERVE)
    wait_until(lambda: is_up(made))
    supervisor.kill()
    supervisor.communicate(timeout=30)
    wait_until(lambda: not family(made), 30)
    again = made.start(*SERVE)
    wait_until(lambda: is_up(made))
    again.send_signal(signal.SIGINT)
    assert "正在准备数据库" not in again.communicate(timeout=30)[0]
    assert (again.returncode, family(made)) == (0, {})


def test_a_taken_port_is_told_in_a_sentence(made: Product) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made.environment["JUZHI_PORT"] = str(taken.getsockname()[1])
        told = made.start(*SERVE)
        words = told.communicate(timeout=30)[0]
    assert (told.returncode, words.count("\n"), "已被占用" in words) == (2, 1, True)
    made.environment["JUZHI_PORT"] = "八千"
    told = made.start(*SERVE)
    assert "不是端口号" in told.communicate(timeout=30)[0] and told.returncode == 2


def test_pauses_grow_to_a_limit() -> None:
    kid = Child("没有的程序", ["/bin/false"])
    pauses = []
    for _ in range(8):
        kid.due_at = 0
        kid.look()
        assert kid.process is not None
        kid.process.wait()
        kid.look()
        pauses.append(round(kid.due_at - time.monotonic()))
    assert pauses == [round(min(0.5 * 2**n, LONGEST_PAUSE) - 0.01) for n in range(8)]
