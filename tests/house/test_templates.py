"""Templates: what they may refer to, and what never stands in one."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.apps import apps
from django.db.models import ForeignObjectRel

from tests.house.reading import Source, floors, may_use, planted, style_sheets, templates

REFERENCE = re.compile(r"""\{%\s*(extends|include|static|url)\s+(?:"([^"]*)"|'([^']*)'|([^\s%]+))""")
INLINE = (
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet"),
    (re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE), "an inline style"),
    (re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE), "an inline script"),
    (re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["'{]""", re.IGNORECASE), "an inline event handler"),
    (re.compile(r"""\shx-(?:on|vals=["']js:|vars)""", re.IGNORECASE), "htmx code to be evaluated"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
    (re.compile(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}""", re.IGNORECASE), "an address of another machine"),
    (re.compile(r"\{%\s*autoescape\s+off|\|\s*safe\b"), "text that is not escaped"),
)
QUERIES = re.compile(r"\{[{%][^}%]*?\.(?:objects|all|filter|exists|select_related|\w+_set)\b(?!\s*=)")
OF_RELATIONS = re.compile(r"\{[{%][^}%]*?\.(\w+)\.(?:count|first|last)\b(?!\s*=)")  # asks, if the word before is a relation
RIGHTS = re.compile(r"\{[{%][^}%]*(?:\bperms\b|\.is_superuser|\.is_staff|\.has_perm|\.holds\b|\.holds_anywhere|\bby\.reach)")
SVG = "http://www.w3.org/2000/svg"
LINES = 150


def owner_of(kind: str, name: str) -> str:
    """The folder behind a reference; "" when it is none of ours."""
    if kind == "url":
        space, colon, _ = name.partition(":")
        return space if colon else "access"  # names without a space are the sign-in library's
    head = name.partition("/")[0]
    return "access" if head in ("account", "allauth", "mfa") else head


def references(sources: list[Source]) -> list[str]:
    """References to a higher floor, and any {% url %} in `web`, which knows no address of the house."""
    found = []
    for source in sources:
        for match in REFERENCE.finditer(source.text):
            kind, name = match[1], match[2] or match[3] or ""
            owner = owner_of(kind, name) if name else ""
            if kind == "url" and source.room == "web":
                found.append(f"{source.path}: web has no {{% url %}}: {name or match[4]}")
            elif owner in floors() and not may_use(source.room, owner):
                found.append(f"{source.path}: {kind} of a higher floor: {name}")
    return found


@cache
def relations() -> set[str]:
    """The names by which models reach many rows of others."""
    fields = (field for model in apps.get_models() if model.__module__.startswith("juzhi.") for field in model._meta.get_fields())
    return {field.get_accessor_name() or "" for field in fields if isinstance(field, ForeignObjectRel)}


def contents(sources: list[Source]) -> list[str]:
    """What the content security policy or the layers forbid in a template."""
    found = []
    for source in sources:
        text = source.text.replace(SVG, "")
        found += [f"{source.path} has {what}" for pattern, what in INLINE if pattern.search(text)]
        found += [f"{source.path} asks the database: {match[0]}" for match in QUERIES.finditer(text)]
        found += [f"{source.path} asks the database: {match[0]}" for match in OF_RELATIONS.finditer(text) if match[1] in relations()]
        found += [f"{source.path} decides about rights: {match[0]}" for match in RIGHTS.finditer(text)]
        if source.text.count("\n") > LINES:
            found.append(f"{source.path} has {source.text.count(chr(10))} lines, over {LINES}")
    return found


def sheets(sources: list[Source]) -> list[str]:
    """Style sheets: nothing from other machines, nothing important, everything in its layer by the entry sheet."""
    found = []
    for source in sources:
        if re.search(r"""url\(\s*["']?(?:https?:)?//|@import\s+(?:url\()?["'](?:https?:)?//""", source.text):
            found.append(f"{source.path} loads from another machine")
        if "!important" in source.text:
            found.append(f"{source.path} says !important")
    return found


def test_the_house_refers_downward() -> None:
    assert references(templates()) == []


def test_the_house_keeps_the_policy() -> None:
    assert contents(templates()) == []


def test_the_house_keeps_its_sheets() -> None:
    assert sheets(style_sheets()) == []


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("juzhi/network/templates/network/tree.html", '{% extends "people/card.html" %}', 1),
        ("juzhi/network/templates/network/tree.html", "{% include 'members/_row.html' %}", 1),
        ("juzhi/journal/templates/journal/entries.html", '{% url "network:organisation" key %}', 1),
        ("juzhi/journal/templates/journal/entries.html", '{% url "jobs:progress" key %}', 1),
        ("juzhi/web/templates/web/base.html", "{% url address %}", 1),
        ("juzhi/web/templates/web/base.html", '{% url "web:gallery" %}', 1),
        ("juzhi/network/templates/network/tree.html", '{% static "figures/figure.css" %}', 1),
        ("juzhi/people/templates/people/person.html", '{% extends "web/staff.html" %}{% url "network:organisation" key %}{% include "people/_name.html" %}', 0),
    ],
)
def test_planted_references(path: str, text: str, count: int) -> None:
    assert len(references(planted(path, text))) == count


@pytest.mark.parametrize(
    ("text", "violation"),
    [
        ("<style>p { color: red }</style>", "has an inline style sheet"),
        ('<p class="a" style="color:red">', "has an inline style"),
        ("<script>alert(1)</script>", "has an inline script"),
        ('<button onclick="go()">', "has an inline event handler"),
        ("<div hx-on:click='go()'>", "has htmx code to be evaluated"),
        ('<a href="javascript:go()">', "has a javascript: address"),
        ('<img src="https://cdn.example.com/a.png">', "has an address of another machine"),
        ('<script src="//cdn.example.com/a.js"></script>', "has an address of another machine"),
        ("{{ name|safe }}", "has text that is not escaped"),
        ("{% for name in person.names.all %}", "asks the database: {% for name in person.names.all"),
        ("{{ organisation.memberships.count }}", "asks the database: {{ organisation.memberships.count"),
        ("{{ organisation.membership_set }}", "asks the database: {{ organisation.membership_set"),
        ("{% if request.user.is_superuser %}", "decides about rights: {% if request.user.is_superuser"),
        ("\n" * 151, "has 151 lines, over 150"),
    ],
)
def test_planted_contents(text: str, violation: str) -> None:
    assert contents(planted("juzhi/people/templates/people/x.html", text)) == [f"juzhi/people/templates/people/x.html {violation}"]


def test_planted_sheets() -> None:
    text = '@import "https://fonts.example.com/a.css";\np { color: red !important }'
    assert len(sheets(planted("juzhi/web/static/web/css/x.css", text))) == 2
