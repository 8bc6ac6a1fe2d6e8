"""Who finds whom, by what: names, former names, sounds, initials, units, the end of a mobile; and nobody finds more than he may see."""

from __future__ import annotations

import pytest

from juzhi.people import actions as people
from juzhi.people import queries
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast


def names(cast: Cast, reader: str, words: str) -> list[str]:
    ids = queries.found_by_words(cast.by(reader), words).ids
    by_id = dict(Person.objects.system("test").filter(pk__in=ids).values_list("pk", "name"))
    return [by_id[pk] for pk in ids]


def test_x(cast: Cast) -> None:
    print(list(Person.objects.system("t").values_list("name", "pk")))
    for w in ("张伟", "zhangw", "zw", "张", "zhang wei", "zhang", "伟", "z"):
        print(w, names(cast, "east_clerk", w), names(cast, "west_clerk", w))
