"""How the rules read the house: its source files as text and as trees, and the floors as pyproject names them.

Each rule is a function over sources (or models, actions, addresses) that returns its violations as sentences. One test holds it against the
house, another against a planted violation: a rule that was never seen to fail guards nothing.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"migrations", "locale", "__pycache__", "vendor", "files"}


@dataclass(frozen=True)
class Source:
    """One file: `path` below the repository with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def room(self) -> str:
        """The folder below juzhi, "" for what stands elsewhere."""
        return self.parts[1] if self.parts[0] == "juzhi" and len(self.parts) > 2 else ""

    @property
    def layer(self) -> str:
        """The layer within the room: `views` for views.py and views/showing.py."""
        return self.parts[2].removesuffix(".py") if self.room else ""

    @property
    def module(self) -> str:
        return ".".join(self.parts).removesuffix(".py").removesuffix(".__init__")

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


def planted(path: str, text: str) -> list[Source]:
    """One file that is not there, to see a rule fail."""
    return [Source(path, text)]


@cache
def _files(folder: str, ending: str) -> tuple[Source, ...]:
    found = sorted(p for p in (ROOT / folder).rglob(f"*{ending}") if not SKIPPED & set(p.relative_to(ROOT).parts[1:-1]))
    return tuple(Source(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in found)


def code(*folders: str) -> list[Source]:
    """Python files of the product (or of other folders), without migrations."""
    return [source for folder in folders or ("juzhi",) for source in _files(folder, ".py")]


def templates() -> list[Source]:
    return list(_files("juzhi", ".html"))


def style_sheets() -> list[Source]:
    return list(_files("juzhi", ".css"))


def scripts() -> list[Source]:
    return list(_files("juzhi", ".js"))


@cache
def floors() -> dict[str, int]:
    """Folder → floor, 0 = the lowest; from the import contract, so that the order is written once."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["id"] == "floors")
    return {name.strip(): floor for floor, layer in enumerate(reversed(layers)) for name in layer.split("|")}


def may_use(user: str, used: str) -> bool:
    """Whether a folder may know another: itself, or one on a lower floor."""
    return user == used or floors()[user] > floors()[used]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is one: `timezone.now`."""
    return dotted(node.func)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "()" if isinstance(node, ast.Call) else ""


def imported(source: Source) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that a file imports, with names taken from it as modules too: `from a import b` gives a and a.b."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{name.name}", node) for name in node.names)


def docstrings(tree: ast.AST) -> set[ast.Constant]:
    """The constants that are docstrings: prose, not names."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies: Iterable[list[ast.stmt]] = (node.body for node in ast.walk(tree) if isinstance(node, owners) and node.body)
    first = (body[0] for body in bodies)
    return {one.value for one in first if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)}
