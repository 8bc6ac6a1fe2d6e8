"""Rows written as plain values: whole columns, ids that may be used beforehand, one parameter for a list of any length."""

from __future__ import annotations

import pytest

from juzhi.base import bulk
from juzhi.journal.models import Entry
from juzhi.people.models import Name, Person
from tests.cast import Cast
from tests.journal.conftest import inside_an_action

pytestmark = pytest.mark.django_db
NAMES = ("key", "person_id", "text", "text_key", "kind")


def test_ids_are_given_once_and_go_on_behind_what_stands(cast: Cast) -> None:
    def verb() -> tuple[list[int], list[int], int]:
        first, second = list(bulk.allocate(Name, 3)), list(bulk.allocate(Name, 2))
        person = next(iter(cast.memberships.values())).person
        bulk.insert_values(Name, ("id", *NAMES), [(pk, f"key{pk:09}", person.pk, "旧名", "旧名", "former") for pk in (*first, *second)])
        return first, second, Name.objects.create(person=person, text="另名", kind="former").pk

    first, second, later = inside_an_action(verb)
    assert len({*first, *second, later}) == 6
    assert later > max(first + second)


def test_values_come_back_as_they_were_given(cast: Cast) -> None:
    person = next(iter(cast.memberships.values())).person
    texts = ["a\tb", "反斜\\杠", "引\"号'", "两\n行", "𠮷", "\\N", ""]
    inside_an_action(lambda: bulk.insert_values(Name, NAMES, [(f"key{n:09}", person.pk, text, text, "former") for n, text in enumerate(texts)]))
    assert list(Name.objects.system("test").filter(person=person).order_by("key").values_list("text", flat=True)) == texts
    rows = list(Name.objects.system("test").filter(person=person).order_by("key"))
    inside_an_action(lambda: bulk.update_values(Name, ("text", "kind"), [(f"{row.text}改", "pinyin", row.pk) for row in rows]))
    assert list(Name.objects.system("test").filter(person=person).order_by("key").values_list("text", "kind")) == [(f"{text}改", "pinyin") for text in texts]


def test_a_column_left_out_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="text_key"):
        inside_an_action(lambda: bulk.insert_values(Name, ("key", "person_id", "text", "kind"), []))


def test_outside_an_action_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="outside an action"):
        bulk.insert_values(Name, NAMES, [])


def test_a_list_of_any_length_is_one_parameter(cast: Cast) -> None:
    person = next(iter(cast.memberships.values())).person
    assert list(Person.objects.system("test").filter(pk__among=[person.pk, *range(10**7, 10**7 + 50_000)])) == [person]
    assert list(Person.objects.system("test").filter(name__among=[person.name, "不在"])) == [person]
    assert not Person.objects.system("test").filter(name__among=[]).exists()
    assert not Entry.objects.system("test").filter(pk__among=[]).exists()
