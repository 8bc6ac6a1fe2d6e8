"""`juzhi` and `manage.py run` as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from juzhi.config import cli
from tests.product import ROOT, product


def test_without_words_it_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert [cli.main([]), cli.main(["--help"])] == [0, 0]
    told = capsys.readouterr().out
    assert all(" ".join(typed) in told for typed in cli.COMMANDS)


@pytest.mark.parametrize("words", [["juornal"], ["journal"], ["journal", "drop"], ["flush"], ["shell"]])
def test_what_it_does_not_know_is_refused_with_the_list(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("没有「") and "juzhi 命令 --help" in told.err


def test_a_database_that_is_not_prepared_is_told_in_a_sentence(tmp_path: Path) -> None:
    with product(tmp_path / "data") as made:
        told = made.run("journal", "verify")
        assert (told.returncode, told.stdout, told.stderr.startswith("数据库用不了"), "Traceback" in told.stderr) == (1, "", True, False)
        assert "juzhi prepare" in told.stderr
        assert made.run("prepare", "--no-demo").returncode == 0
        verdict = made.run("journal", "verify")
        assert (verdict.returncode, verdict.stdout) == (0, "已封 0 条，待封 0 条，依法遗忘 0 项\n日志完整\n")
        assert made.run("prepare", "--no-demo").stderr == ""  # nothing is left to do


def test_every_variable_that_is_read_is_documented() -> None:
    names = set()
    for path in [*(ROOT / "juzhi").rglob("*.py")]:
        text = path.read_text()
        for call in ("environment.text(", "environment.flag(", " text(", "(text(", " flag(", "(flag("):
            for piece in text.split(call)[1:] if "config" in path.parts else []:
                if piece.startswith('"'):
                    names.add("JUZHI_" + piece[1:].partition('"')[0])
    told = (ROOT / "docs" / "operations.md").read_text()
    assert len(names) > 12 and sorted(name for name in names if f"`{name}`" not in told) == []
