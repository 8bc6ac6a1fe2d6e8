"""Real workers: a killed one's job is done by another, what fails is tried again, a refusal is not, and progress is seen from outside."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.jobs.conftest import rows, worker
from tests.product import Product, wait_until


def test_asked_to_end_it_ends_its_job_first(made: Product, tmp_path: Path) -> None:
    told, until = tmp_path / "told", tmp_path / "until"
    made.python(f"from tests.jobs import deeds\ndeeds.slow.enqueue(told={str(told)!r}, until={str(until)!r})")
    process = worker(made)
    wait_until(lambda: told.exists() and bool(told.read_text()))
    process.send_signal(signal.SIGTERM)
    until.touch()
    process.communicate(timeout=30)
    assert (process.returncode, rows(made)) == (0, [["SUCCESSFUL", 1]])
