"""widen: what a new series lacks is built piece by piece, nodes that grew get their roll-ups, an older rule's are dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from juzhi.base.errors import Forbidden
from juzhi.base.indicators import INDICATORS
from juzhi.figures import actions
from juzhi.figures.actions import marks
from juzhi.figures.models import Rollup, Tally, Wide
from juzhi.figures.queries import engine
from juzhi.members.figures import MEMBERS
from juzhi.network import actions as network
from tests.cast import SYSTEM, TODAY, Cast
from tests.figures.test_fold import admitted


def nodes() -> set[int]:
    return set(Wide.objects.system("test").filter(series="members.1", node_id__gt=0).values_list("node_id", flat=True))


def test_piece_by_piece_the_largest_first(cast: Cast) -> None:
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is None
    assert actions.widen(by=SYSTEM, least=2, most=1) == 1  # the tallies
    assert nodes() == set() and Tally.objects.system("test").exists()
    assert actions.widen(by=SYSTEM, least=2, most=1) == 1
    assert nodes() == {cast.city.pk}
    while actions.widen(by=SYSTEM, least=2, most=1):
        pass
    assert cast.tower.pk not in nodes() and len(nodes()) > 1
    assert actions.verify(by=SYSTEM) == []


def test_a_small_federation_keeps_tallies_only(cast: Cast) -> None:
    assert actions.build(by=SYSTEM) == 1 and nodes() == set() and actions.build(by=SYSTEM) == 0


def test_a_node_that_grew(cast: Cast) -> None:
    while actions.widen(by=SYSTEM, least=3):
        pass
    was = nodes()
    admitted(cast, 2)
    for number in range(2):
        network.found(by=SYSTEM, name=f"第{number}分会", family=cast.city.family, level="unit", parent=cast.tower)
    assert cast.tower.pk not in was
    assert actions.widen(by=SYSTEM, least=3) == 1 and nodes() == was | {cast.tower.pk}
    actions.keep_up(by=SYSTEM)
    assert actions.verify(by=SYSTEM) == []


def test_another_version_of_the_rule_is_built_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    while actions.widen(by=SYSTEM, least=2):
        pass
    monkeypatch.setitem(INDICATORS, "members", replace(MEMBERS, version=2))
    assert engine.standing(INDICATORS["members"], cast.city.pk, TODAY) is None
    assert actions.widen(by=SYSTEM, least=2) == 1
    assert {series for model in (Wide, Tally, Rollup) for series in model.objects.system("test").values_list("series", flat=True)} == {"members.2"}


@pytest.mark.tampers
def test_what_went_unmarked_is_not_trusted(cast: Cast) -> None:
    """Triggers that are lost stop the building; when they are made again, all is counted directly until it is built anew."""
    while actions.widen(by=SYSTEM, least=2):
        pass
    marks.remove()
    admitted(cast, 1)
    with pytest.raises(RuntimeError, match="unmarked"):
        actions.widen(by=SYSTEM)
    marks.install()
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is None
    while actions.widen(by=SYSTEM, least=2):
        pass
    assert engine.standing(MEMBERS, cast.city.pk, TODAY) is not None and actions.verify(by=SYSTEM) == []


def test_only_the_product_itself(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.widen(by=cast.by("city_clerk"))
