"""Attest: the rows registered beneath an area are all there are, since a day, by a source."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from juzhi.network import actions
from juzhi.network.models import Register
from tests.cast import SYSTEM, TODAY, Cast
from tests.network.conftest import refusal, who_may

SAID: dict[str, Any] = {"level": "district", "entries": 3, "source": "民政局 2023 年公布", "valid_from": date(2023, 6, 30)}


def kept() -> list[tuple[Any, ...]]:
    return list(Register.objects.system("test").order_by("pk").values_list("area__code", "level", "host_type", "entries", "valid_from", "valid_to"))


def test_promise(cast: Cast, journal) -> None:
    by = cast.by("operator")
    made = actions.attest(by=by, area=cast.areas["9701"], **SAID)
    assert (str(made), made.source) == ("云海市 · 区级", "民政局 2023 年公布")
    assert kept() == [("9701", "district", "", 3, date(2023, 6, 30), None)]
    assert journal() == [("network.attest", by.key, "")]


def test_what_was_said_before_ends_and_the_same_again_changes_nothing(cast: Cast, journal) -> None:
    actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID)
    actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID | {"valid_from": date(2025, 1, 1), "entries": 4})
    for _ in range(2):
        actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID | {"valid_from": date(2025, 1, 1), "entries": 4})
    actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID | {"level": "", "host_type": "public_hospital"})
    assert kept() == [
        ("9701", "district", "", 3, date(2023, 6, 30), date(2025, 1, 1)),
        ("9701", "district", "", 4, date(2025, 1, 1), None),
        ("9701", "", "public_hospital", 3, date(2023, 6, 30), None),
    ]
    assert len(journal()) == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"source": " "}, ("请写明来源，例如哪个部门哪一天公布的", "source")),
        ({"entries": 0}, ("请写明来源里一共有多少条", "entries")),
        ({"valid_from": date(2027, 1, 1)}, ("起始日在将来，请写来源公布的日期", "valid_from")),
        ({"level": ""}, ("请写明是哪一级区划，或哪一类依托单位，只写一种", "level")),
        ({"host_type": "park"}, ("请写明是哪一级区划，或哪一类依托单位，只写一种", "level")),
        ({"level": "galaxy"}, ("请写明是哪一级区划，或哪一类依托单位，只写一种", "level")),
        ({"level": "city"}, ("「云海市」之下没有市级这一级", "level")),
        ({"valid_from": date(2020, 1, 1)}, ("2022-01-01 起已经认定过，新的认定要晚于这一天", "valid_from")),
        ({"valid_from": date(2022, 1, 1)}, ("2022-01-01 起已经认定过，新的认定要晚于这一天", "valid_from")),
    ],
)
def test_refusals(cast: Cast, changed: dict[str, Any], said: tuple[str, str]) -> None:
    actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID | {"valid_from": date(2022, 1, 1), "source": "以前的"})
    assert refusal(lambda: actions.attest(by=SYSTEM, area=cast.areas["9701"], **SAID | changed)) == said
    assert len(kept()) == 1


def test_only_the_operator(cast: Cast) -> None:
    assert who_may(cast, lambda by: actions.attest(by=by, area=cast.areas["9701"], **SAID | {"valid_from": TODAY})) == ["operator"]


def test_from_the_command_line(cast: Cast) -> None:
    out = StringIO()
    call_command("attest_register", "9701", level="district", entries=3, since="2023-06-30", source="民政局", stdout=out)
    assert out.getvalue() == "已认定：云海市 · 区级，3 条，2023-06-30 起，民政局\n"
    for area, since, words in (("99", "2023-06-30", "没有代码是 99 的区划"), ("9701", "2023-06", "请写到日，例如 2023-06-30")):
        with pytest.raises(CommandError) as error:
            call_command("attest_register", area, level="district", entries=3, since=since, source="民政局")
        assert (str(error.value), error.value.returncode) == (words, 2)


def test_form(cast: Cast, signed_in) -> None:
    """On the area's page for the operator; a secretary finds nothing."""
    area = f"/areas/{cast.areas['9701'].key}/"
    typed = {"what": "level:district", "entries": "3", "source": "民政局", "valid_from": "2023-06-30"}
    client = signed_in("operator")
    assert f"{area}attest/" in client.get(area).text
    assert client.post(f"{area}attest/", typed | {"what": "level:city"}).status_code == 422  # not offered: the city is not beneath itself
    assert client.post(f"{area}attest/", typed).status_code == 303
    assert "名册齐全：区级 3 个，2023-06-30 起；来源：民政局" in client.get(area).text
    assert [signed_in("east_clerk").get(f"{area}attest/").status_code, f"{area}attest/" in signed_in("east_clerk").get(area).text] == [404, False]
