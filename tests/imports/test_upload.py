"""Taking a file: who may, for which kind, and what is kept of it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django_tasks_db.models import DBTaskResult

from juzhi.base.errors import Forbidden, Refused
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch
from tests.cast import SYSTEM, Cast
from tests.imports.office import mixed, raw_files, uploaded

pytestmark = pytest.mark.django_db


def test_it_is_kept_and_read_later(cast: Cast) -> None:
    by = cast.by("east_clerk")
    batch = actions.upload(by=by, file=uploaded(mixed(), "../名\u202e册.xlsx"), kind="roster", organisation_id=cast.tower.pk, task=tasks.read)
    assert (batch.kind, batch.duty, batch.organisation_id, batch.actor_key, batch.filename) == ("roster", "member_clerk", cast.tower.pk, by.key, "名册.xlsx")
    assert batch.is_open and batch.read_at is None and batch.undo_until is None
    assert DBTaskResult.objects.count() == 1
    assert len(raw_files()) == 1


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("east_clerk", "roster", "orchard"),
        ("west_clerk", "roster", "orchard"),  # clerk of the own organisation alone
        ("west_clerk", "roster", "tower"),
        ("double", "roster", "tower"),
        ("double", "orgs", "harbour"),
        ("expired", "roster", "tower"),
        ("disabled", "roster", "tower"),
        ("statistician", "roster", "east"),
        ("auditor", "orgs", "east"),
        ("operator", "orgs", "city"),
        ("anna", "roster", "tower"),
    ],
)
def test_who_may_not(cast: Cast, name: str, kind: str, place: str) -> None:
    with pytest.raises(Forbidden):
        actions.upload(by=cast.by(name), file=uploaded(mixed()), kind=kind, organisation_id=cast.organisations[place].pk)
    assert (Batch.objects.system("test").count(), raw_files()) == (0, [])


@pytest.mark.parametrize(("name", "kind", "place"), [("east_clerk", "roster", "harbour"), ("west_clerk", "orgs", "orchard"), ("city_clerk", "roster", "orchard"), ("double", "roster", "harbour")])
def test_who_may(cast: Cast, name: str, kind: str, place: str) -> None:
    assert actions.upload(by=cast.by(name), file=uploaded(mixed()), kind=kind, organisation_id=cast.organisations[place].pk).pk


def test_into_no_organisation_the_product_alone(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.upload(by=cast.by("city_clerk"), file=uploaded(mixed()), kind="orgs", organisation_id=None)
    assert actions.upload(by=SYSTEM, file=uploaded(mixed()), kind="orgs", organisation_id=None).pk


def test_refusals(cast: Cast) -> None:
    by = cast.by("east_clerk")
    with pytest.raises(Refused, match="没有「wine」这种导入，可选：orgs（组织名单）、roster（会员花名册）、batch（入会批次名单）"):
        actions.upload(by=by, file=uploaded(mixed()), kind="wine", organisation_id=cast.tower.pk)
    with pytest.raises(Refused, match="这是一个空文件"):
        actions.upload(by=by, file=ContentFile(b"", name="a.xlsx"), kind="roster", organisation_id=cast.tower.pk)
    with pytest.raises(Refused, match="文件超过 20 MB"):
        actions.upload(by=by, file=ContentFile(b"x" * (20 * 1024 * 1024 + 1), name="a.xlsx"), kind="roster", organisation_id=cast.tower.pk)
    assert (Batch.objects.system("test").count(), raw_files()) == (0, [])
