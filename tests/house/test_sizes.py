"""Limits of size: file 400 lines, function 50, view 25. (Template 150: test_templates.py.) Migrations, locale and data are exempt."""

from __future__ import annotations

from tests.house.reading import Source, code, functions, length, planted

FILE, FUNCTION, VIEW = 400, 50, 25


def violations(sources: list[Source]) -> list[str]:
    found = []
    for source in sources:
        lines = source.text.count("\n")
        if lines > FILE:
            found.append(f"{source.path} has {lines} lines, over {FILE}: split it by noun")
        limit = VIEW if source.layer == "views" else FUNCTION
        found += [f"{source.at(f)} {f.name} has {length(f)} lines, over {limit}" for f in functions(source.tree) if length(f) > limit]
    return found


def test_the_house() -> None:
    assert violations(code("juzhi", "tests", "bench")) == []


def test_planted() -> None:
    long = "def show(request):\n" + "    a = 1\n" * 25
    assert violations(planted("juzhi/people/views.py", long)) == ["juzhi/people/views.py:1 show has 26 lines, over 25"]
    assert violations(planted("juzhi/people/queries.py", long)) == []
    assert violations(planted("juzhi/people/queries.py", "def show():\n" + "    a = 1\n" * 50)) == ["juzhi/people/queries.py:1 show has 51 lines, over 50"]
    assert violations(planted("juzhi/people/queries.py", "a = 1\n" * 401)) == ["juzhi/people/queries.py has 401 lines, over 400: split it by noun"]
