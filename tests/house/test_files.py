"""Names of files, and what the first line of each says."""

from __future__ import annotations

import ast
import re

from tests.house.reading import Source, code, planted, scripts, style_sheets, templates

FORBIDDEN = {"utils", "util", "helpers", "helper", "services", "service", "managers", "mixins", "constants", "admin", "misc", "common", "signals", "tools", "lib"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w/])/work/|\.\./shared\b")


def names(sources: list[Source]) -> list[str]:
    """Files and folders whose name says nothing."""
    return [f"{s.path}: the name says nothing; name it for what it holds" for s in sources if FORBIDDEN & {part.removesuffix(".py") for part in s.parts[1:]}]


def first_lines(sources: list[Source]) -> list[str]:
    """Modules that hold something and do not say what in their first line."""
    found = []
    for source in sources:
        said = ast.get_docstring(source.tree)
        if source.text.strip() and (not said or not source.text.startswith('"""')):
            found.append(f"{source.path}: the first line does not say what it holds")
    return found


def leftovers(sources: list[Source]) -> list[str]:
    """Work left undone, and places of one machine."""
    return [f"{s.path}: {m[0]}" for s in sources for pattern in (UNFINISHED, MACHINE) for m in pattern.finditer(s.text)]


def test_the_house_names_its_files() -> None:
    assert names(code("juzhi", "tests", "bench")) == []


def test_the_house_says_what_a_file_holds() -> None:
    assert first_lines(code("juzhi", "tests", "bench")) == []


def test_nothing_is_left_over() -> None:
    own = [s for s in code("juzhi", "tests", "bench") if s.path != "tests/house/test_files.py"]
    assert leftovers([*own, *templates(), *style_sheets(), *scripts()]) == []


def test_planted() -> None:
    assert names(planted("juzhi/people/utils.py", "")) == ["juzhi/people/utils.py: the name says nothing; name it for what it holds"]
    assert names(planted("juzhi/people/services/enter.py", "")) != []
    assert first_lines(planted("juzhi/people/rules.py", "import os\n")) == ["juzhi/people/rules.py: the first line does not say what it holds"]
    assert first_lines(planted("juzhi/people/__init__.py", "")) == []
    assert leftovers(planted("juzhi/people/rules.py", "# TODO later\n")) == ["juzhi/people/rules.py: TODO"]
    assert leftovers(planted("juzhi/people/rules.py", 'open("/work/x")\n')) == ["juzhi/people/rules.py: /work/"]
