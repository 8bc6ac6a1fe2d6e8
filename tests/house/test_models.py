"""Models: every field has a class, every model its scope and a query set that refuses to be read without an actor."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from juzhi.base import constraints
from juzhi.base.access import Own, Public, Scope
from juzhi.base.models import CLASSES, ScopedQuerySet
from tests.house.reading import floors, may_use

UNSCOPED = {"access.Account": "Django's sign-in reads accounts by login (house: exempt by list)"}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("juzhi.")]


def unclassed(found: list[type[models.Model]]) -> list[str]:
    """Fields without a class, classes without a field, words that are no class."""
    said = []
    for model in found:
        classes = getattr(model, "classes", {})
        names = {field.name for field in model._meta.local_fields} | {field.name for field in model._meta.local_many_to_many}
        said += [f"{model._meta.label}.{name} has no class" for name in sorted(names - set(classes))]
        said += [f"{model._meta.label}.{name} is classed and does not exist" for name in sorted(set(classes) - names)]
        said += [f"{model._meta.label}.{name} is {word!r}, not one of {', '.join(CLASSES)}" for name, word in classes.items() if word not in CLASSES]
    return said


def unscoped(found: list[type[models.Model]]) -> list[str]:
    """Models that do not say who sees their rows, or that may be read without being told for whom."""
    said = []
    for model in found:
        label = model._meta.label
        if not isinstance(getattr(model, "scope", None), Scope):
            said.append(f"{label} names no scope")
        for name, manager in model._meta.managers_map.items():
            if not isinstance(manager.get_queryset(), ScopedQuerySet) and label not in UNSCOPED:
                said.append(f"{label}.{name} may be read without seen_by(by) or system(reason)")
    return said


def exposed(found: list[type[models.Model]]) -> list[str]:
    """Personal columns in a model that everybody may read."""
    said = []
    for model in found:
        if isinstance(getattr(model, "scope", None), Public):
            said += [f"{model._meta.label}.{name} is {word} and every row is public" for name, word in model.classes.items() if word in ("personal", "sensitive")]  # type: ignore[attr-defined]
    return said


def upward(found: list[type[models.Model]]) -> list[str]:
    """Relations to a higher floor, as Django resolved them."""
    said = []
    for model in found:
        for field in model._meta.local_fields:
            to = field.related_model
            if isinstance(to, type) and to._meta.app_label in floors() and not may_use(model._meta.app_label, to._meta.app_label):
                said.append(f"{model._meta.label}.{field.name} points up to {to._meta.label}")
    return said


RULES = (unclassed, unscoped, exposed, upward)


@pytest.mark.parametrize("rule", RULES)
def test_the_house(rule: Any) -> None:
    assert rule(own_models()) == []


class Loose(models.Model):
    """Breaks every rule of this file; it is made nowhere."""

    name = models.CharField(max_length=9)
    note = models.CharField(max_length=9)
    above = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    classes = {"id": "internal", "name": "secret", "above": "personal", "gone": "public"}

    class Meta:
        app_label = "network"
        managed = False


class Shown(models.Model):
    name = models.CharField(max_length=9)
    scope = Public()
    classes = {"id": "internal", "name": "personal"}

    class Meta:
        app_label = "network"
        managed = False


for _planted in ("loose", "shown"):
    apps.all_models["network"].pop(_planted)
apps.clear_cache()


def test_planted() -> None:
    assert unclassed([Loose]) == [
        "network.Loose.note has no class",
        "network.Loose.gone is classed and does not exist",
        "network.Loose.name is 'secret', not one of public, internal, personal, sensitive",
    ]
    assert unscoped([Loose]) == ["network.Loose names no scope", "network.Loose.objects may be read without seen_by(by) or system(reason)"]
    assert exposed([Shown]) == ["network.Shown.name is personal and every row is public"]
    assert upward([Loose]) == ["network.Loose.above points up to people.Person"]
    assert Own("key").q  # scopes are objects with q(by)


@pytest.mark.django_db
@pytest.mark.tampers
def test_every_declared_constraint_stands() -> None:
    """Both databases hold what is declared; taken away, each is missed by name; installing brings all back."""
    assert constraints.DECLARED != []
    assert constraints.missing() == []
    constraints.remove()
    names = constraints.missing()
    assert {name.removesuffix("_u").removesuffix("_d").removesuffix("_i") for name in names} == {constraints.name_of(c) for c in constraints.DECLARED}
    constraints.install()
    assert constraints.missing() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.tampers
def test_a_rebuilt_table_loses_its_triggers_until_they_are_installed() -> None:
    """SQLite rebuilds a table to alter a field and drops its triggers without a word: that is why they are made after every migration."""
    model = apps.get_model("journal", "Entry")
    old = model._meta.get_field("verb")
    new = models.CharField("动作", max_length=old.max_length + 1)
    new.set_attributes_from_name("verb")
    new.model = model
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new, strict=True)
        lost = constraints.missing()
        assert bool(lost) == (connection.vendor == "sqlite")
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(model, new, old, strict=True)
        constraints.install()
    assert constraints.missing() == []
    constraints.remove()
