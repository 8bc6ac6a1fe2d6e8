"""Views: who may ask is declared, addresses have one name each, and no view asks the database or is known to anybody but its addresses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from juzhi.access.adapters import CLOSED, FOREIGN
from juzhi.base.access import ANYONE, Access, access
from tests.house.reading import Source, code, dotted, imported, planted

QUERIES = {
    "objects", "filter", "exclude", "annotate", "aggregate", "select_related", "prefetch_related", "values_list", "only", "defer", "order_by",
    "get_or_create", "update_or_create", "bulk_create", "bulk_update", "select_for_update", "refresh_from_db", "save", "delete", "seen_by", "system", "raw",
    "execute", "cursor", "atomic", "create", "exists",
}  # fmt: skip
LIBRARIES = ("django.db", "juzhi.base.bulk")
CONDITIONAL = {"mfa_login_webauthn"}  # there where the settings let a passkey sign in
Named = tuple[str, Any, str]


def addresses(patterns: list[URLPattern | URLResolver], space: str = "", route: str = "") -> Iterator[Named]:
    """(name with namespace, view, route) of every address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, route + str(pattern.pattern))
        else:
            yield space + (pattern.name or ""), pattern.callback, route + str(pattern.pattern)


def is_ours(view: Any) -> bool:
    return str(view.__module__).startswith("juzhi.")


def undeclared(named: list[Named]) -> list[str]:
    """Our views without @access; addresses of libraries that the door neither admits (FOREIGN) nor keeps shut (CLOSED)."""
    found = []
    for name, view, route in named:
        if is_ours(view):
            if not isinstance(getattr(view, "access", None), Access):
                found.append(f"/{route}: {view.__module__}.{view.__name__} declares no @access")
        elif name not in FOREIGN and name not in CLOSED:
            found.append(f"/{route}: {name} is neither in FOREIGN nor in CLOSED")
    return found


def misnamed(named: list[Named]) -> list[str]:
    """One word all the way: an address is called like its view, one view has one name, one name one view."""
    found, views, names = [], dict[str, Any](), dict[Any, str]()
    for name, view, route in named:
        if is_ours(view):
            if name.rpartition(":")[2] != view.__name__ or ":" not in name:
                found.append(f"/{route} is called {name!r}, its view {view.__name__!r}")
            if names.setdefault(view, name) != name:
                found.append(f"/{route}: {view.__name__} has two names, {names[view]!r} and {name!r}")
        if views.setdefault(name, view) is not view:
            found.append(f"/{route}: the name {name!r} is taken by another view")
    return found


def askers(sources: list[Source]) -> list[str]:
    """Views that speak to the database themselves."""
    found = []
    for source in sources:
        if source.layer != "views":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in QUERIES and dotted(node.value) not in ("queries", "actions", "rules"):
                found.append(f"{source.at(node)} asks the database: .{node.attr}")
        found += [f"{source.at(node)} imports {name}" for name, node in imported(source) if name.startswith(LIBRARIES)]
    return sorted(set(found))


def importers(sources: list[Source]) -> list[str]:
    """Who knows a view besides the urls of its own room."""
    found = []
    for source in sources:
        for name, node in imported(source):
            parts = name.split(".")
            if parts[0] == "juzhi" and "views" in parts[2:3] and not (source.room == parts[1] and source.layer in ("urls", "views")):
                found.append(f"{source.at(node)} imports {name}")
    return sorted(set(found))


def test_every_view_declares_who_may_ask() -> None:
    assert undeclared(list(addresses(get_resolver().url_patterns))) == []


def test_one_word_all_the_way() -> None:
    assert misnamed(list(addresses(get_resolver().url_patterns))) == []


def test_no_view_asks_the_database() -> None:
    assert askers(code()) == []


def test_a_view_is_known_to_its_addresses_alone() -> None:
    assert importers(code()) == []


def test_foreign_names_exist() -> None:
    """A name in the door's table that no library has would hide a renaming."""
    names = {name for name, view, _ in addresses(get_resolver().url_patterns) if not is_ours(view)}
    assert set(FOREIGN) - names <= CONDITIONAL
    assert set(FOREIGN) & set(CLOSED) == set()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


bare.__module__ = "juzhi.people.views"


@access(duty=ANYONE)
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


declared.__module__ = "juzhi.people.views"


def test_planted_addresses() -> None:
    class Stranger:
        __name__ = "stranger"
        __module__ = "library.views"

    assert undeclared([("people:bare", bare, "bare/")]) == ["/bare/: juzhi.people.views.bare declares no @access"]
    assert undeclared([("library_page", Stranger(), "page/")]) == ["/page/: library_page is neither in FOREIGN nor in CLOSED"]
    assert undeclared([("people:declared", declared, "declared/")]) == []
    assert misnamed([("people:shown", declared, "x/")]) == ["/x/ is called 'people:shown', its view 'declared'"]
    assert misnamed([("people:bare", bare, "a/"), ("people:bare", declared, "b/")])[-1] == "/b/: the name 'people:bare' is taken by another view"
    assert len(misnamed([("people:bare", bare, "a/"), ("work:bare", bare, "b/")])) == 1
    assert [name for name, *_ in addresses([path("x/", bare, name="bare")])] == ["bare"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def show(request):\n    return Person.objects.seen_by(request.by)\n", 2),
        ("def show(request):\n    person.save()\n", 1),
        ("def show(request):\n    return queries.people(request.by).filter(name='a')\n", 1),
        ("from django.db import transaction\n", 2),
        ("def show(request):\n    return queries.first(request.by)\n", 0),
    ],
)
def test_planted_views(text: str, said: int) -> None:
    assert len(askers(planted("juzhi/people/views.py", text))) == said
    assert askers(planted("juzhi/people/queries.py", text)) == []


def test_planted_importer() -> None:
    text = "from juzhi.people.views import person\n"
    assert importers(planted("juzhi/members/urls.py", text)) != []
    assert importers(planted("juzhi/people/forms.py", text)) != []
    assert importers(planted("juzhi/people/urls.py", "from juzhi.people import views\n")) == []
