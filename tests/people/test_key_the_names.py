"""The migration that keys the names there are: the same as if each were entered today, in batches."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from juzhi.base.names import person_keys
from juzhi.people import actions
from juzhi.people.models import Employment, Name, Person
from tests.cast import SYSTEM, Cast
from tests.guard import tampering

MIGRATION = import_module("juzhi.people.migrations.0004_key_the_names")
COLUMNS = ("name", "name_key", "pinyin_key", "sounds", "stroke_key")


class Editor:
    connection = connection


@pytest.mark.parametrize("batch", [1, 3, 5000])
def test_persons_are_keyed_as_if_entered_today(cast: Cast, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(MIGRATION, "BATCH", batch)
    actions.add_name(by=SYSTEM, person=cast.persons["anna"], text="Dan Feiyan", kind=Name.Kind.PINYIN)
    before = list(Person.objects.system("test").order_by("pk").values_list("pk", *COLUMNS))
    assert len(before) > 3
    with tampering():
        Person.objects.system("test").update(pinyin_key="", sounds="", stroke_key="")
        MIGRATION.key_them(apps, Editor)
    assert list(Person.objects.system("test").order_by("pk").values_list("pk", *COLUMNS)) == before


def test_units_are_ordered(cast: Cast) -> None:
    person: Any = actions.enter(by=SYSTEM, name="丁示例", unit="深圳市福田区云塔科技有限公司")
    with tampering():
        Employment.objects.system("test").update(unit_order="")
        MIGRATION.order_the_units(apps, Editor)
    assert Employment.objects.system("test").get(person=person).unit_order.split("\u0001")[:2] == ["yun ta ke ji", "云塔科技"]


def test_every_person_of_the_cast_is_keyed(cast: Cast) -> None:
    """Imports, entry and correction key a name by the one function."""
    for one in Person.objects.system("test").all():
        assert {column: getattr(one, column) for column in COLUMNS[1:]} == person_keys(one.name)
