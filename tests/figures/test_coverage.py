"""Coverage of random federations equals what is counted by hand; a share is told only of a register that is whole."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from juzhi.base.errors import Refused
from juzhi.figures.queries.coverage import Share, coverage
from juzhi.network import actions as network
from juzhi.network.models import Area, Family
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.test_exact import days_of
from tests.figures.world import HOSTS, World, grown, seeds

DIGITS = {"district": 6, "subdistrict": 9}


def by_hand(world: World, code: str, level: str, family: str, day: date) -> dict[str, Any]:
    """Every body's seat of that day looked at one by one."""
    areas = {one: [0, 0] for one in world.areas if len(one) == DIGITS[level] and one.startswith(code)}
    coarse, hosts = 0, defaultdict(list)
    for body in world.bodies.values():
        area, host, _sector = body.seat.on(day)
        if not body.stands(day) or not area.startswith(code) or (family and body.family != family):
            continue
        within = area[: DIGITS[level]]
        if within in areas:
            areas[within][0] += 1
            areas[within][1] += body.level == level
        elif level == "subdistrict" and body.level != "district":  # its seat is only known to the district
            coarse += 1
        if host:
            hosts[dict(HOSTS)[host]].append(host)
    return {"areas": areas, "coarse": coarse, "hosts": {kind: (len(set(here)), len(here)) for kind, here in hosts.items()}}


@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3))
@pytest.mark.django_db
def test_coverage_equals_the_count_by_hand(seed: int) -> None:
    world, dice = grown(300 + seed), random.Random(seed)
    families = {family.name: family for family in Family.objects.system("test")}
    gaps = 0
    for day in days_of(dice, world)[::2]:
        for code, level, family in (("9701", "district", ""), ("97", "subdistrict", ""), ("970101", "subdistrict", "知联会"), ("9701", "district", "新联会")):
            found = coverage(SYSTEM, world.areas[code], level, families.get(family), day)
            expected = by_hand(world, code, level, family, day)
            assert {row.area.code: [row.organisations, row.own] for row in found.rows} == expected["areas"]
            assert [area.code for area in found.gaps] == sorted(one for one, (count, _own) in expected["areas"].items() if not count)
            assert (found.share.covered, found.coarse) == (sum(1 for count, _own in expected["areas"].values() if count), expected["coarse"])
            assert {one.host_type: (one.share.covered, one.organisations) for one in found.hosts} == expected["hosts"]
            assert found.share.share is None and all(one.share.share is None and one.share.total is None for one in found.hosts)
            gaps += len(found.gaps)
    assert gaps, "a federation without gaps tests nothing"


def attest(cast: Cast, code: str = "9701", **said: Any) -> None:
    network.attest(by=SYSTEM, area=cast.areas[code], **{"source": "民政局", "valid_from": date(2020, 1, 1), "entries": 3, **said})


def share(cast: Cast, day: date = TODAY, code: str = "9701", level: str = "district", family: Any = None) -> tuple[Any, ...]:
    found = coverage(SYSTEM, cast.areas[code], level, family, day)
    return found.share.covered, found.share.total, found.share.share


def test_a_share_needs_a_register_that_is_whole_on_that_day(cast: Cast) -> None:
    assert share(cast) == (2, None, None)
    assert coverage(SYSTEM, cast.areas["9701"], "district", None, TODAY).share.ground == "名册没有认定齐全，只报个数，不算百分比"
    attest(cast, level="district")
    found = coverage(SYSTEM, cast.areas["9701"], "district", None, TODAY)
    assert (share(cast), [area.name for area in found.gaps]) == ((2, 3, "66.6%"), ["北岭区"])
    assert found.share.ground == "名册齐全：云海市共 3 个，2020-01-01 起；来源：民政局"
    assert share(cast, date(2022, 12, 31)) == (3, 3, "100%")
    assert share(cast, date(2019, 12, 31))[1:] == (None, None)  # nobody said so of that day


def test_a_register_that_holds_more_or_fewer_rows_than_its_source_is_not_whole(cast: Cast) -> None:
    attest(cast, level="district", entries=4)
    found = coverage(SYSTEM, cast.areas["9701"], "district", None, TODAY)
    assert (found.share.covered, found.share.share) == (2, None)
    assert found.share.ground == "来源里云海市共 4 个，当日登记 3 个，对不上，只报个数，不算百分比；来源：民政局"


@pytest.mark.tampers
def test_a_division_that_ended_is_neither_covered_nor_a_gap(cast: Cast) -> None:
    attest(cast, level="district", entries=2)
    north = cast.areas["970103"]
    Area.objects.system("test").filter(pk=north.pk).update(valid_to=date(2024, 1, 1))
    assert share(cast) == (2, 2, "100%")
    assert share(cast, date(2022, 12, 31)) == (3, None, None)  # then there were three, and the source lists two


def test_the_register_of_a_superior_holds_beneath(cast: Cast) -> None:
    attest(cast, level="subdistrict", entries=2)
    network.relocate(by=SYSTEM, organisation=cast.future, area=cast.areas["970101001"], host=None, sector=None, valid_from=date(2022, 1, 1), reason="迁址")
    network.relocate(by=SYSTEM, organisation=cast.tower, area=cast.areas["970101001"], host=cast.hosts["tower"], sector=None, valid_from=date(2022, 1, 1), reason="迁址")
    assert share(cast, code="970101", level="subdistrict", family=cast.families["知联会"]) == (1, 1, "100%")


def test_where_seats_are_known_too_coarsely_gaps_make_no_share(cast: Cast) -> None:
    """云塔大厦知联会 sits in the district, nobody knows in which subdistrict: it may fill the gap."""
    attest(cast, level="subdistrict", entries=2)
    network.dissolve(by=SYSTEM, organisation=cast.harbour, dissolved_on=date(2026, 1, 1), reason="撤并")
    found = coverage(SYSTEM, cast.areas["9701"], "subdistrict", cast.families["知联会"], TODAY)
    assert (found.share.covered, found.share.share, found.coarse) == (1, None, 3)
    assert sorted(one.name for one in found.coarse_named) == ["云塔大厦知联会", "未来分会", "流动分会"]
    assert found.share.ground.startswith("有 3 个组织的所在地只登记到上一级，缺口里可能有它们，先不算百分比。")


def test_hosts_with_a_register_have_gaps_and_a_share(cast: Cast) -> None:
    attest(cast, host_type="public_hospital", entries=3)
    for name in ("东湖医院", "西山医院", "北岭医院"):
        network.register_host(by=SYSTEM, name=name, host_type="public_hospital", area=cast.areas["970101"])
    host = network.register_host(by=SYSTEM, name="东湖医院", host_type="public_hospital")
    network.found(by=SYSTEM, name="东湖医院知联会", family=cast.families["知联会"], level="unit", parent=cast.east, founded_on=date(2024, 1, 1), area=cast.areas["970101"], host=host)
    hosts = {one.host_type: one for one in coverage(SYSTEM, cast.areas["9701"], "district", None, TODAY).hosts}
    hospital, building = hosts["public_hospital"], hosts["building"]
    assert (hospital.share.covered, hospital.share.total, hospital.share.share, [one.name for one in hospital.gaps]) == (1, 3, "33.3%", ["北岭医院", "西山医院"])
    assert (building.share.covered, building.organisations, building.share.share, building.gaps) == (1, 2, None, [])
    network.register_host(by=SYSTEM, name="第四医院", host_type="public_hospital", area=cast.areas["970101"])
    again = {one.host_type: one for one in coverage(SYSTEM, cast.areas["9701"], "district", None, TODAY).hosts}["public_hospital"]
    assert (again.share.covered, again.share.share) == (1, None), "four rows, and the source lists three"


@pytest.mark.parametrize(("covered", "total", "told"), [(0, 3, "0%"), (1, 3, "33.3%"), (2, 3, "66.6%"), (1999, 2000, "99.9%"), (9, 9, "100%"), (0, 0, None), (5, None, None)])
def test_a_share_is_cut_and_never_rounded_up(covered: int, total: int | None, told: str | None) -> None:
    assert Share(covered, total, "").share == told


def test_a_level_that_is_not_beneath(cast: Cast) -> None:
    with pytest.raises(Refused, match="「东湖区」之下没有区级这一级，请换一级或换上一级的区划"):
        coverage(SYSTEM, cast.areas["970101"], "district", None, TODAY)
