"""The page of a batch, as somebody reads it who never saw one: what stands beside what, what is missing, and what to do next."""

from __future__ import annotations

import re

import pytest

from juzhi.imports import actions, queries, tasks
from juzhi.people.actions import change_contacts
from juzhi.people.models import Contact
from tests.cast import Cast
from tests.imports.office import mixed, planned, roster, signed_in, uploaded, work

pytestmark = pytest.mark.django_db


def test_of_several_numbers_the_one_that_is_alike_stands_beside_it(cast: Cast) -> None:
    """It said 手机号相同 beside a number that was another."""
    by = cast.by("east_clerk")
    change_contacts(by=by, person=cast.persons["anna"], mobiles="19900000001、19900009857", email="")
    assert Contact.objects.system("test").filter(person=cast.persons["anna"], kind=Contact.Kind.MOBILE).count() == 2
    batch = planned(by, roster({"姓名": "单飞雁", "手机": "19900000001"}), cast.tower)
    [shown] = queries.screen(by, batch, "suspect").rows
    assert [(ours, theirs) for label, ours, theirs in shown.pairs if label == "手机"] == [("199****0001", "199****0001")]


def test_of_several_numbers_that_all_differ_none_is_left_out(cast: Cast) -> None:
    by = cast.by("east_clerk")
    change_contacts(by=by, person=cast.persons["bo2"], mobiles="19900000003、19900009857", email="")
    batch = planned(by, roster({"姓名": "张伟", "单位": "云海示例公司", "手机": "19900000777"}), cast.tower)
    [shown] = queries.screen(by, batch, "suspect").rows
    assert [(ours, theirs) for label, ours, theirs in shown.pairs if label == "手机"] == [("199****0777", "199****0003、199****9857")]


def test_a_short_cell_is_not_broken_into_single_characters(cast: Cast) -> None:
    """A roster of many columns squeezed names into a column of characters."""
    batch = planned(cast.by("east_clerk"), roster({"姓名": "何清", "单位": "云塔科技创新发展集团股份有限公司", "入会时间": "2024-03-01"}), cast.tower)
    page = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/").content.decode()
    assert '<td class="nowrap">何清</td>' in page
    assert '<td class="nowrap">2024-03-01</td>' in page
    assert '<td class="long">云塔科技创新发展集团股份有限公司</td>' in page


def test_a_table_without_names_says_so_once(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), roster({"单位": "云塔科技", "手机": "19900000105"}, head=("单位", "手机", "职务")), cast.tower)
    client = signed_in(cast, "east_clerk")
    page = client.get(f"/imports/{batch.key}/").content.decode()
    assert "没有认出「姓名」一列" in page
    named = planned(cast.by("east_clerk"), mixed(), cast.tower)
    assert "没有认出" not in client.get(f"/imports/{named.key}/").content.decode()


def test_why_and_what_was_noticed_are_two_sentences(cast: Cast) -> None:
    batch = planned(cast.by("east_clerk"), roster({"姓名": "", "手机": "19900000105，办公室转"}), cast.tower)
    page = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/?tab=refuse").content.decode()
    assert "请补填，或删去这一行；" in page


def test_a_file_that_was_not_taken_leads_to_another(cast: Cast) -> None:
    """It ended there: no button, no link to the organisation."""
    batch = actions.upload(by=cast.by("east_clerk"), file=uploaded("一\n二\n三\n".encode(), "接龙.txt"), kind="roster", organisation_id=cast.tower.pk, task=tasks.read)
    work()
    page = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/").content.decode()
    main = page[page.index("<main") :]
    assert "这份文件没有收" in main
    assert re.search(rf'<a[^>]*href="/imports/organisations/{cast.tower.key}/"', main)


def test_a_column_that_is_not_kept_is_not_called_empty(cast: Cast) -> None:
    """序号 holds numbers; the page for the columns said that there was nothing in it."""
    batch = planned(cast.by("east_clerk"), roster({"序号": "1", "姓名": "何清", "备注": "新来的"}), cast.tower)
    page = signed_in(cast, "east_clerk").get(f"/imports/{batch.key}/remap/").content.decode()
    assert "这一列没有内容" not in page
