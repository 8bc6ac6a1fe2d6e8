"""A new kind of file is one declaration and one writer: the whole way through the pages, with no change to what reads, settles, writes and takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client

from juzhi.base.actors import Actor
from juzhi.base.importers import IMPORTERS, REFUSE, SUSPECT, WRITERS, Became, Like, Row, writes
from juzhi.base.text import search_key
from juzhi.imports.models import Batch
from juzhi.network.actions import register_host
from juzhi.network.models import Host, HostType
from tests.cast import Cast
from tests.imports import declared
from tests.imports.office import fresh, raw_files, rows_of, signed_in, uploaded, ways, work, workbook

IMPORTERS.pop("stones", None)  # declared by the import above; other tests have no such kind
pytestmark = pytest.mark.django_db


class StoneWriter:
    """Stones become hosts: the nearest public thing that a test can write by a real verb."""

    def match(self, *, by: Actor, into: int | None, rows: Sequence[Row]) -> None:
        there = {one.name_key: one for one in Host.objects.seen_by(by)}
        for row in rows:
            if row.values["weight"] == "heavy" and row.values["person"] is None:
                row.action, row.reason = REFUSE, "too_heavy"
            elif row.values["weight"] == "light":
                row.warn.append({"looks_light": "半两"})
            if like := there.get(search_key(row.values["called"])):
                row.action, row.like_key, row.like_by = SUSPECT, like.key, "called"

    def describe(self, *, by: Actor, keys: Sequence[str]) -> dict[str, Like]:
        return {one.key: Like(one.name, (("地点", "南山"),)) for one in Host.objects.seen_by(by).filter(key__in=keys)}

    def became(self, *, by: Actor, rows: Sequence[Row]) -> dict[str, Became]:
        hosts = {one.key: one for one in Host.objects.seen_by(by).filter(key__in=[row.thing_key for row in rows])}
        return {row.thing_key: Became(hosts[row.thing_key].name, ("network:host", (row.thing_key,)), ("新的石头",)) for row in rows if row.thing_key in hosts}

    def write(self, *, by: Actor, into: int | None, pieces: Iterable[Sequence[Row]], batch_key: str, example: str = "") -> Iterator[Sequence[Any]]:
        for rows in pieces:
            for row in rows:
                host = register_host(by=by, name=row.values["called"], host_type=HostType.OTHER, area=None, batch_key=batch_key)
                row.thing_kind, row.thing_key = "network.host", host.key
            yield ()

    def undo(self, *, by: Actor, into: int | None, rows: Sequence[Row], batch_key: str) -> None:
        Host.objects.system("undo").filter(key__in=[row.thing_key for row in rows]).delete()

    def figures(self, *, rows: Sequence[Row], as_of: date) -> dict[str, Any]:
        return {"stones": len(rows)}


@pytest.fixture
def stones() -> Iterator[None]:
    IMPORTERS["stones"] = declared.STONES
    writes("stones", StoneWriter())
    yield
    del IMPORTERS["stones"], WRITERS["stones"]


@pytest.fixture(autouse=True)
def only_while_a_test_asks(request: pytest.FixtureRequest) -> None:
    if "stones" not in request.fixturenames:
        IMPORTERS.pop("stones", None)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


DATA = workbook(
    [
        ["本区石头一览"],
        ["石名", "分量", "捡到时间", "地点和人", "民族", "形状"],
        ["大青石", "轻", "2024.3", "南山 何清", "鄂温克族", "圆"],
        ["小白石", "", "2024-03-05", "福田", "鄂温克族", "方"],
        ["老黑石", "重", "", "", "鄂温克族", "扁"],
        ["大青石", "", "", "", "", ""],
        ["", "轻", "", "", "", ""],
        ["合计", "4"],
    ]
)


def test_from_upload_to_undo(cast: Cast, stones: None) -> None:
    client = signed_in(cast, "east_clerk")
    before = Host.objects.system("test").count()
    page = text(client, f"/imports/organisations/{cast.east.key}/")
    assert 'value="stones"' in page and "都有多重" in page
    body = {"kind": "stones", "file": uploaded(DATA, "石头.xlsx"), "stones_weight": "轻"}
    answer = client.post(f"/imports/organisations/{cast.east.key}/", body)
    assert answer.status_code == 303, answer.content.decode()
    batch = Batch.objects.system("test").get(key=answer["Location"].split("/")[2])
    work()
    assert [row[1:] for row in ways(batch)] == [("create", ""), ("create", ""), ("refuse", "too_heavy"), ("same", ""), ("refuse", "missing_called"), ("skip", "subtotal")]
    first, second = rows_of(batch)[:2]
    assert first.values == {"called": "大青石", "weight": "light", "found": "2024-03", "place": "南山", "person": "何清"}
    assert second.values == {"called": "小白石", "weight": "light", "found": "2024-03-05", "place": "福田", "person": None}
    page = text(client, f"/imports/{batch.key}/?tab=create")
    assert "大青石" in page and "看起来只有 半两" in page and "<del>民族</del>" in page and "鄂温克族" not in page
    page = text(client, f"/imports/{batch.key}/?tab=refuse")
    assert "太重了，请分开写" in page and "没有写「石头名」，请补填，或删去这一行" in page
    page = text(client, f"/imports/{batch.key}/remap/")
    assert "形状" in page and ">圆<" in page and "请核对" in page
    assert client.get(f"/imports/{batch.key}/problems/?format=csv").status_code == 200
    assert client.post(f"/imports/{batch.key}/commit/", {"version": fresh(batch).version}).status_code == 303
    work()
    assert Host.objects.system("test").count() == before + 2
    page = text(client, f"/imports/{batch.key}/")
    host = Host.objects.system("test").get(name="大青石")
    assert f'href="/network/hosts/{host.key}/"' in page or f"/{host.key}/" in page
    assert "新的石头" in page and "去看组织" in page and raw_files() == []
    again = client.post(f"/imports/organisations/{cast.east.key}/", {**body, "file": uploaded(DATA, "石头.xlsx")})
    other = Batch.objects.system("test").get(key=again["Location"].split("/")[2])
    work()
    page = text(client, f"/imports/{other.key}/")
    assert "名称相同" in page and f'name="row_{rows_of(other)[0].key}"' in page
    assert client.post(f"/imports/{batch.key}/undo/", {"reason": "试一下"}).status_code == 303
    assert Host.objects.system("test").count() == before
    assert "已撤回" in text(client, f"/imports/{batch.key}/?tab=create")


def test_a_question_that_nobody_answers_refuses_the_row(cast: Cast, stones: None) -> None:
    client = signed_in(cast, "east_clerk")
    address = f"/imports/organisations/{cast.east.key}/"
    answer = client.post(address, {"kind": "stones", "file": uploaded(DATA, "石头.xlsx"), "stones_weight": "一吨"})
    assert answer.status_code == 422
    assert "「都有多重」看不懂" in answer.content.decode()
    answer = client.post(address, {"kind": "stones", "file": uploaded(DATA, "石头.xlsx")})
    batch = Batch.objects.system("test").get(key=answer["Location"].split("/")[2])
    work()
    assert [row.reason for row in rows_of(batch)] == ["", "missing_weight", "too_heavy", "", "missing_called", "subtotal"]
    assert "没有写「分量」" in text(client, f"/imports/{batch.key}/?tab=refuse")


