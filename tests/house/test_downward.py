"""Names in strings point down like imports: foreign keys, apps.get_model, constraints, dotted modules."""

from __future__ import annotations

import ast
import re

from tests.house.reading import Source, code, docstrings, floors, may_use, planted

MODEL = re.compile(r"([a-z]+)\.[A-Z]\w+(?:\.\w+)?")
MODULE = re.compile(r"juzhi\.([a-z]+)(?:\.\w+)*")


def violations(sources: list[Source]) -> list[str]:
    """Strings that name a model or a module of a higher floor. `config` knows everyone."""
    found = []
    for source in sources:
        if source.room in ("", "config"):
            continue
        prose = docstrings(source.tree)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
                match = MODEL.fullmatch(node.value) or MODULE.fullmatch(node.value)
                if match and match[1] in floors() and not may_use(source.room, match[1]):
                    found.append(f"{source.at(node)} names {node.value!r} of a higher floor")
    return found


def test_the_house() -> None:
    assert violations(code()) == []


def test_planted() -> None:
    text = 'from django.db import models\n\n\nclass Seat(models.Model):\n    person = models.ForeignKey("people.Person", models.CASCADE)\n'
    assert violations(planted("juzhi/network/models/edges.py", text)) == ["juzhi/network/models/edges.py:5 names 'people.Person' of a higher floor"]
    assert violations(planted("juzhi/members/models.py", text)) == []
    assert violations(planted("juzhi/jobs/tasks.py", 'import_module("juzhi.imports.tasks")\n')) == ["juzhi/jobs/tasks.py:1 names 'juzhi.imports.tasks' of a higher floor"]
    assert violations(planted("juzhi/jobs/tasks.py", '"""people.Person: prose."""\n')) == []
