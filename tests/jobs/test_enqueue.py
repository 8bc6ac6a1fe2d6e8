"""A job in line, and the progress that its owner alone may watch."""

from __future__ import annotations

from pathlib import Path

from juzhi.base.actors import System
from juzhi.jobs import actions
from tests.jobs import deeds
from tests.jobs.conftest import AT, end, worker
from tests.product import Product, wait_until


def test_progress_inside_a_transaction_is_seen_outside(made: Product, tmp_path: Path) -> None:
    until = tmp_path / "until"
    key = made.python(f"from tests.jobs import deeds\nfrom juzhi.jobs import actions\nprint(actions.enqueue(by=by, task=deeds.counts, arguments={{'until': {str(until)!r}}}, total=4).key)")
    look = f"from juzhi.jobs import queries\np = queries.progress(by, {key!r})\nprint(p.state, p.done, p.total, p.message, p.result)"
    process = worker(made)
    try:
        wait_until(lambda: made.python(look) == "running 2 4 写第 2 行 {}")
        until.touch()
        wait_until(lambda: made.python(look).startswith("done"))
        assert made.python(look).endswith("{'url': '/imports/abc/'}")
    finally:
        until.touch()
        end(process)


def test_progress_belongs_to_whoever_asked(db: None) -> None:
    from juzhi.base.actors import Visitor
    from juzhi.jobs import queries

    key = actions.enqueue(by=System("测试", AT), task=deeds.fails).key
    assert queries.progress(Visitor(AT), key) is None
    assert queries.progress(System("测试", AT), "unknown") is None
