"""Actions: each has its promise and its test file, and writing happens nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from juzhi.base.action import ACTIONS
from tests.house.reading import ROOT, Source, code, planted

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
# Not models: files, caches, connections and the like that are written below the actions, each with its reason.
ELSEWHERE = {
    "juzhi/base/bulk.py": "the one place of bulk inserts, called by actions",
    "juzhi/base/models.py": "the query set's own refusal to be deleted unread",
    "juzhi/jobs/outbox.py": "a message is put inside the caller's action, which it checks",
    "juzhi/jobs/progress.py": "a job tells how far it is outside its transaction (house: jobs excepted)",
    "juzhi/web/replies.py": "receipts of forms (house: receipts excepted)",
}
MANY = {"bulk_create", "bulk_update", "executemany"}


def without_test(actions: Mapping[str, Any], exists: Callable[[str], bool]) -> list[str]:
    """Actions whose test file is missing."""
    wanted = {name: "tests/{}/test_{}.py".format(*name.split(".")) for name in sorted(actions)}
    return [f"{name}: {path} is missing" for name, path in wanted.items() if not exists(path)]


def without_promise(actions: Mapping[str, Any]) -> list[str]:
    return [f"{name} promises nothing" for name, verb in sorted(actions.items()) if not (verb.__doc__ or "").strip()]


def writers(sources: list[Source]) -> list[str]:
    """Calls that write rows outside `actions`, and bulk writes outside base/bulk.py and the actions."""
    found = []
    for source in sources:
        if source.layer in ("actions", "forms") or source.path in ELSEWHERE or not source.room:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES | MANY and not _is_plain(node.func):
                found.append(f"{source.at(node)} writes: .{node.func.attr}()")
    return found


def _is_plain(function: ast.Attribute) -> bool:
    """`actions.delete(…)`, `connections.create_connection`, a response's delete_cookie: calls of modules, not of rows."""
    return isinstance(function.value, ast.Name) and function.value.id in ("actions", "sprite", "os", "shutil")


def test_every_action_has_its_test_file() -> None:
    missing = without_test(ACTIONS, lambda path: (ROOT / path).is_file())
    assert missing == [], "\n".join(["verbs without a test file:", *missing])


def test_every_action_promises() -> None:
    assert without_promise(ACTIONS) == []


def test_writing_has_one_door() -> None:
    assert writers(code()) == []


def test_exemptions_are_needed() -> None:
    assert [path for path in ELSEWHERE if not (ROOT / path).is_file()] == []


def test_planted() -> None:
    def enter(*, by: Any) -> None: ...

    assert without_test({"people.enter": enter}, lambda path: False) == ["people.enter: tests/people/test_enter.py is missing"]
    assert without_test({"people.enter": enter}, lambda path: path == "tests/people/test_enter.py") == []
    assert without_promise({"people.enter": enter}) == ["people.enter promises nothing"]
    assert writers(planted("juzhi/people/queries.py", "Person.objects.create(name='a')\n")) == ["juzhi/people/queries.py:1 writes: .create()"]
    assert writers(planted("juzhi/people/tasks.py", "person.save()\n")) == ["juzhi/people/tasks.py:1 writes: .save()"]
    assert writers(planted("juzhi/people/actions.py", "person.save()\n")) == []
