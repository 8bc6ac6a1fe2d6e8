"""What is exported is read again and changes nothing: roster and organisations, in Chinese and in English, as a workbook and as text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import translation

from juzhi.imports import actions
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import planned, rows_of, signed_in, ways

pytestmark = pytest.mark.django_db
WAYS = [(language, kind) for language in ("zh-hans", "en") for kind in ("xlsx", "csv")]


def speaking(cast: Cast, name: str, language: str) -> Client:
    client = signed_in(cast, name)
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = language
    return client


def everything() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Organisation, Person, Membership)
    return [list(model.objects.system("test").order_by("pk").values()) for model in models]


def enrolled(cast: Cast) -> None:
    """Members of the tower as they come: with and without unit, number, day; some who left, one who died."""
    for number, (name, unit, on, precision, role) in enumerate(
        [("何清", "云塔科技", date(2024, 3, 1), "month", "理事"), ("蒋明", "", date(2024, 1, 1), "year", ""), ("𠮷田𰻞", "云塔科技", date(2024, 5, 6), "day", "副会长"), ("张伟", "别处", None, "", "")]
    ):
        person = people.enter(by=SYSTEM, name=name, mobiles=(f"1990000071{number}",), unit=unit, source="test", organisation_id=cast.tower.pk)
        spell = members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=on, joined_precision=precision, number=f"00{number}", org_role=role)
        if name == "何清":
            members.end(by=SYSTEM, membership=spell, reason_code="transferred", ended_on=date(2025, 3, 1), ended_precision="month")
        if name == "蒋明":
            members.end(by=SYSTEM, membership=spell, reason_code="deceased")


@pytest.mark.parametrize(("language", "kind"), WAYS)
def test_a_roster(cast: Cast, language: str, kind: str) -> None:
    enrolled(cast)
    client = speaking(cast, "east_clerk", language)
    where = f"/members/export_contacts/?organisation={cast.tower.key}&state=all"
    answer = client.post(where, {"reason": "核对", "format": kind})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"], answer.content.decode()[:500]
    before = everything()
    with translation.override(language):
        batch = planned(cast.by("east_clerk"), answer.content, cast.tower, name=f"export.{kind}")
    assert {way[1] for way in ways(batch)} == {"same"}
    assert [row.warn for row in rows_of(batch) if row.warn] == [["same_name_other_person"]] * 2  # 张伟 twice
    assert batch.headings["sheets"][0]["unmapped"] == {}
    assert everything() == before


@pytest.mark.parametrize(("language", "kind"), WAYS)
def test_rows_of_other_organisations_are_told_to_go_there(cast: Cast, language: str, kind: str) -> None:
    enrolled(cast)
    client = speaking(cast, "east_clerk", language)
    answer = client.post(f"/members/export_contacts/?organisation={cast.tower.key}&state=all", {"reason": "核对", "format": kind})
    batch = planned(cast.by("east_clerk"), answer.content, cast.harbour, name=f"export.{kind}")
    assert {way[1:] for way in ways(batch)} == {("refuse", "other_organisation")}


@pytest.mark.parametrize(("language", "kind"), WAYS)
def test_organisations(cast: Cast, language: str, kind: str) -> None:
    ended = network.found(by=SYSTEM, name="云湾社区知联会", family=cast.families["知联会"], level="community", parent=cast.harbour, founded_on=date(2020, 5, 1), founded_precision="month")
    network.dissolve(by=SYSTEM, organisation=ended, dissolved_on=date(2025, 1, 1), precision="month", reason="合并")
    for above in (cast.harbour, cast.tower):  # of one name, told apart by their superior; and one beneath each of them
        twin = network.found(by=SYSTEM, name="云湾分会", family=cast.families["知联会"], level="park", parent=above, founded_on=date(2025, 3, 1))
        network.found(by=SYSTEM, name=f"{above.name}云角点", family=cast.families["知联会"], level="community", parent=twin)
    client = speaking(cast, "east_clerk", language)
    answer = client.get(f"/organisations/list/?under={cast.east.key}&format={kind}")
    assert answer.status_code == 200, answer.content.decode()[:300]
    before = everything()
    by = cast.by("east_clerk")
    with translation.override(language):
        batch = planned(by, answer.content, cast.east, "orgs", name=f"export.{kind}")
    assert {way[1] for way in ways(batch)} == {"same"}, ways(batch)
    assert [row.warn for row in rows_of(batch) if row.warn] == []
    assert [row.values["superior"] for row in rows_of(batch) if row.values["name"] == "云湾分会"].count("港前街道分会") == 1
    actions.discard(by=by, batch=batch)
    assert everything() == before


@pytest.mark.parametrize(("language", "kind"), WAYS)
def test_a_roster_of_somebody_who_came_back(cast: Cast, language: str, kind: str) -> None:
    """Two spells of one person, one ended: both rows are there already."""
    person = people.enter(by=SYSTEM, name="何清", mobiles=("19900000710",), unit="云塔科技", source="test", organisation_id=cast.tower.pk)
    spell = members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=date(2019, 3, 1), number="001", org_role="理事")
    members.end(by=SYSTEM, membership=spell, reason_code="left", ended_on=date(2020, 3, 1))
    members.admit(by=SYSTEM, person=person, organisation=cast.tower, joined_on=date(2024, 3, 1), number="009", org_role="副会长")
    client, before = speaking(cast, "east_clerk", language), everything()
    answer = client.post(f"/members/export_contacts/?organisation={cast.tower.key}&state=all", {"reason": "核对", "format": kind})
    batch = planned(cast.by("east_clerk"), answer.content, cast.tower, name=f"export.{kind}")
    assert {way[1] for way in ways(batch)} == {"same"}, [(row.action, row.reason, row.like_by, row.values) for row in rows_of(batch)]
    assert everything() == before
