"""Documents that name the code: the glossary has every model and action, the data dictionary every column, and nothing that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.core.management import call_command

from juzhi.base.action import ACTIONS
from juzhi.config.management.commands import data_dictionary
from tests.house.reading import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
NAMED = re.compile(r"`([a-z]+\.\w+)`")
HAN = re.compile("[\u4e00-\u9fff]")


def nouns() -> set[str]:
    return {model._meta.label for model in apps.get_models() if model.__module__.startswith("juzhi.")}


def disagreements(text: str, there: Iterable[str]) -> list[str]:
    """What the glossary lacks, what it names though it is gone, what it names twice, and rows without a Chinese or an English word."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ") and NAMED.search(line)]
    named = [match for cells in rows for match in NAMED.findall(cells[-1])]
    found = [f"{one} is not in docs/glossary.md" for one in sorted(set(there) - set(named))]
    found += [f"{one} is in docs/glossary.md and is gone" for one in sorted(set(named) - set(there))]
    found += [f"{one} stands twice in docs/glossary.md" for one in sorted({one for one in named if named.count(one) > 1})]
    return found + [f"{cells[-1]} lacks its Chinese or English word" for cells in rows if len(cells) != 3 or not HAN.search(cells[0]) or not re.search("[a-z]", cells[1])]


def test_the_glossary_has_every_word() -> None:
    said = disagreements(GLOSSARY.read_text(encoding="utf-8"), nouns() | set(ACTIONS))
    assert said == [], "\n".join(said)


def test_planted_glossary() -> None:
    text = "| Chinese | English | Code |\n|---|---|---|\n| 入会 | admit | `members.admit` |\n| 入会 | admit | `members.admit` |\n| enter | | `people.gone` |\n"
    assert disagreements(text, {"members.admit", "members.end"}) == [
        "members.end is not in docs/glossary.md",
        "people.gone is in docs/glossary.md and is gone",
        "members.admit stands twice in docs/glossary.md",
        "`people.gone` lacks its Chinese or English word",
    ]


def test_the_data_dictionary_says_what_the_models_say() -> None:
    assert data_dictionary.PLACE.read_text(encoding="utf-8") == data_dictionary.text(), "run manage.py data_dictionary"


def test_the_data_dictionary_has_every_column_with_its_class() -> None:
    text = data_dictionary.text()
    assert [model for model in sorted(nouns()) if f"### {model.partition('.')[2]} ·" not in text] == []
    assert "| not said |" not in text and "Who sees rows: not said." not in text


def test_planted_dictionary(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """An older file is told apart, by the command too."""
    place = ROOT.__class__(str(tmp_path)) / "data-dictionary.md"
    monkeypatch.setattr(data_dictionary, "PLACE", place)
    with pytest.raises(SystemExit, match="out of date"):
        call_command("data_dictionary", check=True)
    call_command("data_dictionary", verbosity=0)
    call_command("data_dictionary", check=True)
    place.write_text(place.read_text(encoding="utf-8").replace("| personal |", "| public |", 1), encoding="utf-8")
    with pytest.raises(SystemExit, match="out of date"):
        call_command("data_dictionary", check=True)
