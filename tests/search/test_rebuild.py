"""rebuild: everything anew, a piece at a time; what is gone goes; searching goes on."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from juzhi.base.errors import Forbidden
from juzhi.search.actions import rebuild
from juzhi.search.models import SearchEntry
from tests.cast import SYSTEM, Cast
from tests.guard import tampering
from tests.search.test_truth import WELL, settled, untrue

KIND = "people.person"


def ruin() -> None:
    with tampering():
        SearchEntry.objects.system("test").filter(kind=KIND, thing_id__lte=5).delete()
        SearchEntry.objects.system("test").filter(kind=KIND, thing_id=7).update(tokens={"n错"})
        SearchEntry.objects.create(kind=KIND, thing_id=10**9, tokens={"n无"})


@pytest.mark.parametrize("most", [1, 3, 5000])
def test_everything_anew_in_pieces(cast: Cast, most: int) -> None:
    settled()
    ruin()
    after = rebuild(by=SYSTEM, kind=KIND, most=most)
    while after:
        after = rebuild(by=SYSTEM, kind=KIND, after=after, most=most)
    assert untrue() == WELL


def test_twice_changes_nothing(cast: Cast) -> None:
    before = list(SearchEntry.objects.system("test").order_by("pk").values_list("pk", "kind", "thing_id", "tokens"))
    rebuild(by=SYSTEM, kind=KIND)
    assert list(SearchEntry.objects.system("test").order_by("pk").values_list("pk", "kind", "thing_id", "tokens")) == before


def test_only_the_product(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        rebuild(by=cast.by("city_clerk"), kind=KIND)


def test_the_command(cast: Cast) -> None:
    ruin()
    said = StringIO()
    call_command("search_rebuild", stdout=said)
    assert untrue() == WELL
    assert said.getvalue() == f"检索条目已重做：network.organisation {len(cast.organisations)} 条，people.person {len(cast.persons)} 条\n"
    call_command("search_rebuild", if_empty=True, stdout=said)  # there is something: nothing is done
    ruin()
    call_command("search_rebuild", if_empty=True, stdout=said)
    assert untrue() != WELL
    with tampering():
        SearchEntry.objects.system("test").delete()
    call_command("search_rebuild", if_empty=True, stdout=said)
    assert untrue() == WELL
