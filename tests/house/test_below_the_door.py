"""Below the door nothing reads the clock or counts with floats, and no rule hides in a hook."""

from __future__ import annotations

import ast

import pytest

from tests.house.reading import Source, called, code, planted

BELOW = {"views", "forms", "actions", "rules", "queries", "models", "figures", "imports", "search", "privacy", "facts", "reading", "outbox", "progress", "schedule",
         "context", "drawing", "exports", "lists", "numbers", "replies", "specimens", "sprite", "templatetags"}  # fmt: skip
# Entrances read the clock, once, to make the Actor: tasks, management, middleware, receivers, adapters; and these, each with its reason.
CLOCKS = {
    "juzhi/jobs/outbox.py": "when a message leaves is the machine's affair, not the actor's",
    "juzhi/jobs/progress.py": "a job tells when it ended; no actor is asked",
    "juzhi/web/replies.py": "a refused request may have no actor yet; the receipt still needs its moment",
}
CLOCK = {"timezone.now", "now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.localdate", "localdate", "time.time", "Now"}
OWN_CLOCK = {"auto_now", "auto_now_add"}
SIGNALS = {"juzhi/config/apps.py": "after migrations the constraints are made: bookkeeping only"}
HOOKS = {"save", "delete", "full_clean", "clean", "save_base", "__init__", "from_db"}
NUMBERS_OF_FILES = ("reading",)  # what a spreadsheet calls a number is a float


def clocks(sources: list[Source]) -> list[str]:
    """Reading the clock below the door."""
    found = []
    for source in sources:
        if source.layer not in BELOW or source.room in ("base", "config") or source.path in CLOCKS:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and called(node) in CLOCK:
                found.append(f"{source.at(node)} reads the clock: {called(node)}()")
            if isinstance(node, ast.keyword) and node.arg in OWN_CLOCK:
                found.append(f"{source.at(node.value)} lets the database layer read the clock: {node.arg}")
    return found


def floats(sources: list[Source]) -> list[str]:
    """Counting with floats: figures are whole numbers or decimals."""
    found = []
    for source in sources:
        if source.layer in BELOW and source.room not in ("base", "config") and source.layer not in NUMBERS_OF_FILES:
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in ("float", "FloatField"):
                    found.append(f"{source.at(node)} counts with floats: {called(node)}()")
    return found


def hooks(sources: list[Source]) -> list[str]:
    """Rules in callbacks: signal receivers, save() overrides, custom cleaning of models."""
    found = []
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and source.layer == "models" and source.room != "base":
                own = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name in HOOKS and _is_model(node)]
                found += [f"{source.at(f)} {node.name}.{f.name} is a hook; write an action" for f in own]
            if source.path in SIGNALS or not source.room:
                continue
            if isinstance(node, ast.ImportFrom | ast.Import) and "signals" in ast.unparse(node):
                found.append(f"{source.at(node)} knows signals")
            if isinstance(node, ast.Call) and called(node).rpartition(".")[2] == "receiver":
                found.append(f"{source.at(node)} receives a signal")
    return found


def _is_model(node: ast.ClassDef) -> bool:
    """Expressions (models.Func) and scopes have their own constructors."""
    return not {"models.Func", "Scope"} & {ast.unparse(base) for base in node.bases}


def test_the_house_has_no_clock() -> None:
    assert clocks(code()) == []


def test_the_house_has_no_floats() -> None:
    assert floats(code()) == []


def test_the_house_has_no_hooks() -> None:
    assert hooks(code()) == []


@pytest.mark.parametrize("text", ["at = timezone.now()", "day = date.today()", "at = datetime.now(UTC)", "at = time.time()", "at = models.DateTimeField(auto_now_add=True)"])
def test_planted_clock(text: str) -> None:
    for layer in ("views", "forms", "actions", "rules", "queries", "models"):
        assert len(clocks(planted(f"juzhi/people/{layer}.py", f"{text}\n"))) == 1
    assert clocks(planted("juzhi/people/tasks.py", f"{text}\n")) == []


def test_planted_floats_and_hooks() -> None:
    assert len(floats(planted("juzhi/figures/queries/evaluation.py", "share = float(a) / b\n"))) == 1
    assert len(floats(planted("juzhi/people/models.py", "share = models.FloatField()\n"))) == 1
    assert len(hooks(planted("juzhi/people/models.py", "class Person(Keyed):\n    def save(self, *a, **k):\n        self.n = 1\n"))) == 1
    assert len(hooks(planted("juzhi/people/apps.py", "from django.db.models.signals import post_save\n"))) == 1
    assert len(hooks(planted("juzhi/people/receivers.py", "@receiver(post_save)\ndef told(): ...\n"))) == 1
