"""`manage.py data_dictionary`: every table and column with its class and who sees its rows, from the models; written to docs/data-dictionary.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import models
from django.utils import translation

from juzhi.base.access import DUTIES, ByDuty, Nobody, Of, Own, Person, Public, Scope

PLACE = Path(__file__).resolve().parents[4] / "docs" / "data-dictionary.md"
HEAD = """# Data dictionary

Every table of the house, from its models by `python manage.py data_dictionary`; a test compares. Do not edit by hand.

Classes: *public* is anybody's, *internal* the organisation's, *personal* about a person, *sensitive* needs a reason of its own. Values of personal and
sensitive columns stand apart in the journal so that they can be forgotten. "Who sees rows" is the scope that `seen_by(by)` turns into a filter.
"""


def text() -> str:
    """The whole document."""
    with translation.override("zh-hans"):
        return "\n".join([HEAD, *_tables()])


def _tables() -> list[str]:
    found = [model for model in apps.get_models() if model.__module__.startswith("juzhi.")]
    rooms = sorted({model._meta.app_label for model in found})
    return [line for room in rooms for line in _room(room, [m for m in found if m._meta.app_label == room])]


def _room(room: str, found: Iterable[type[models.Model]]) -> list[str]:
    lines = [f"## {room}", ""]
    for model in sorted(found, key=lambda m: m.__name__):
        said = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        lines += [f"### {model.__name__} · `{model._meta.db_table}`", "", said, "", f"Who sees rows: {who_sees(getattr(model, 'scope', None))}.", ""]
        lines += ["| Column | Chinese | Kind | Class | May be empty |", "|---|---|---|---|---|"]
        classes: dict[str, str] = getattr(model, "classes", {})
        lines += [f"| `{f.name}` | {f.verbose_name} | {kind(f)} | {classes.get(f.name, '')} | {'yes' if f.null or f.blank else 'no'} |" for f in model._meta.local_fields]
        lines.append("")
    return lines


def kind(field: Any) -> str:
    """The kind of a column in words: text up to 40, date, → people.Person."""
    if field.remote_field is not None:
        return f"→ {field.related_model._meta.label}"
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(field).__name__.removesuffix("Field")).strip()
    words = {"char": "text", "big auto": "number of the row"}.get(words, words)
    choices = f": {' '.join(str(value) for value, _ in field.choices)}" if field.choices else ""
    return f"{words} up to {field.max_length}{choices}" if field.max_length else words + choices


def who_sees(scope: Scope | None) -> str:
    """A scope in words."""
    if isinstance(scope, Public):
        return "everybody"
    if isinstance(scope, Of):
        return f"{', '.join(scope.duties)} of `{scope.path}`" + (f", and the person at `{scope.own}`" if scope.own else "")
    if isinstance(scope, Person):
        return f"{', '.join(scope.duties)} of an organisation that `{scope.path}` is tied to today, and that person"
    if isinstance(scope, ByDuty):
        which = "" if scope.duties == DUTIES else f" ({', '.join(scope.duties)})"
        return f"holders of the duty in `{scope.duty_path}`{which} at `{scope.path}`"
    if isinstance(scope, Own):
        return f"the {scope.kind} at `{scope.path}`"
    if isinstance(scope, Nobody):
        return "nobody directly" + (f": {scope.why}" if scope.why else "")
    return " ".join((type(scope).__doc__ or "not said").split()).rstrip(".")


class Command(BaseCommand):
    help = "Write docs/data-dictionary.md from the models; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if the file says something else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text():
                raise SystemExit("docs/data-dictionary.md is out of date: run manage.py data_dictionary")
            return
        PLACE.write_text(text(), encoding="utf-8")
        self.stdout.write(f"{PLACE.name}: {len(text().splitlines())} lines")
