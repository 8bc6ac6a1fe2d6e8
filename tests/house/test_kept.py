"""Kept figures: their evidence is one table, so that every change leaves a mark, and the triggers that mark stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from juzhi.base.indicators import DISTINCT, INDICATORS, Indicator, Kept
from juzhi.figures.actions import marks
from juzhi.figures.queries.series import all_series
from juzhi.members.figures import MEMBERS, spells
from juzhi.members.models import Membership


def violations(indicators: Iterable[Indicator]) -> list[str]:
    """Kept evidence that reaches past its own table, or names what it has not."""
    found = []
    for one in indicators:
        if one.kept is None:
            continue
        rows = one.kept.rows()
        sql, _ = rows.query.sql_with_params()
        columns = {field.attname for field in rows.model._meta.concrete_fields} | {"pk"}
        found += [f"{one.id}: kept evidence reads more than its own table"] if len(rows.query.alias_map) > 1 or sql.upper().count("SELECT") > 1 else []
        named = (one.organisation, one.kept.day, one.kept.until, one.kept.amount, one.person if one.measure == DISTINCT else None)
        found += [f"{one.id}: {name} is no column of the table" for name in named if name and name not in columns]
        found += [f"{one.id}: persons of a stock are not kept"] if one.kept.until and one.measure == DISTINCT else []
    return found


def test_the_house() -> None:
    assert violations(INDICATORS.values()) == []
    assert any(one.kept for one in INDICATORS.values())


def test_planted() -> None:
    def beside(**kept: object) -> Indicator:
        return replace(MEMBERS, id="planted", kept=replace(Kept(spells, day="joined_on", until="ended_on"), **kept))  # type: ignore[arg-type]

    def joined() -> object:
        return Membership.objects.filter(organisation__level="city")

    def nested() -> object:
        return Membership.objects.filter(pk__in=Membership.objects.values("pk"))

    assert violations([beside()]) == []
    assert violations([beside(rows=joined)]) == ["planted: kept evidence reads more than its own table"]
    assert violations([beside(rows=nested)]) == ["planted: kept evidence reads more than its own table"]
    assert violations([beside(day="person__name")]) == ["planted: person__name is no column of the table"]
    assert violations([replace(beside(), measure=DISTINCT)]) == ["planted: persons of a stock are not kept"]


@pytest.mark.django_db
@pytest.mark.tampers
def test_every_table_with_kept_evidence_has_its_triggers() -> None:
    """Taken away, each is missed by name; installing brings all back."""
    assert all_series() != [] and marks.missing() == []
    marks.remove()
    assert marks.missing() == [f"juzhi_marks_members_membership_{moment}" for moment in "iud"]
    marks.install()
    assert marks.missing() == []
