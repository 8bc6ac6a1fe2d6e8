"""Saying which heading means which field; it is remembered for the organisation alone."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, queries, tasks
from juzhi.imports.models import Mapping
from tests.cast import Cast
from tests.imports.office import fresh, planned, roster, rows_of, work

pytestmark = pytest.mark.django_db
DATA = roster({"姓名": "何清", "手机": "19900000101", "称谓栏": "律师"}, head=("姓名", "手机", "称谓栏"))


def test_it_is_remembered_here_and_nowhere_else(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, DATA, cast.tower)
    actions.remap(by=by, batch=batch, choices={"姓名": "name", "手机": "mobile", "称谓栏": "title"}, task=tasks.read)
    assert fresh(batch).read_at is None
    assert work() == 1
    assert rows_of(batch)[0].values["title"] == "律师"
    assert queries.mapping(cast.tower.pk, "roster") == {"姓名": "name", "手机": "mobile", "称谓栏": "title"}
    assert "title" not in str(rows_of(planned(by, DATA, cast.harbour))[0].values.get("title") or "")
    actions.remap(by=by, batch=batch, choices={"姓名": "name", "手机": "", "称谓栏": "duty"})  # the newer word holds
    assert queries.mapping(cast.tower.pk, "roster") == {"姓名": "name", "手机": "", "称谓栏": "duty"}
    assert Mapping.objects.system("test").count() == 3


def test_reading_again_has_the_rights_of_whoever_asked(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), DATA, cast.tower)
    actions.remap(by=cast.by("city_clerk"), batch=batch, choices={"称谓栏": "title"}, task=tasks.read)
    assert fresh(batch).actor_key == cast.by("city_clerk").key


def test_refusals(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = planned(by, DATA, cast.tower)
    for choices, sentence in (
        ({"称谓栏": "wine"}, "没有「wine」这一栏"),
        ({"称谓栏": "education"}, "没有「education」这一栏"),
        ({"姓名": "title", "称谓栏": "title"}, "有 2 列都对到了「职称」，只能选一列"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.remap(by=by, batch=batch, choices=choices)
    with pytest.raises(Forbidden):
        actions.remap(by=cast.by("west_clerk"), batch=batch, choices={})
    actions.commit(by=by, batch=batch)
    with pytest.raises(Refused, match="已经结束"):
        actions.remap(by=by, batch=batch, choices={})
