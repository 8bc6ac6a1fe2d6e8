"""The whole way through the pages: upload, look, settle, write, take the rest home and mend it, take back."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from juzhi.imports.models import Batch
from juzhi.members.models import Membership
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.imports.office import HEAD, fresh, mixed, raw_files, roster, rows_of, signed_in, uploaded, ways, work
from tests.imports.workbooks import workbook

pytestmark = pytest.mark.django_db


def upload(client: Client, cast: Cast, data: bytes, short: str = "tower", name: str = "名册.xlsx") -> Batch:
    answer = client.post(f"/imports/organisations/{cast.organisations[short].key}/", {"kind": "roster", "file": uploaded(data, name)})
    assert answer.status_code == 303, answer.content.decode()
    found = Batch.objects.system("test").get(key=answer["Location"].split("/")[2])
    assert answer["Location"] == f"/imports/{found.key}/"
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def commit(client: Client, batch: Batch) -> Any:
    return client.post(f"/imports/{batch.key}/commit/", {"version": fresh(batch).version})


def members(cast: Cast, short: str = "tower") -> list[str]:
    found = Membership.objects.system("test").filter(organisation=cast.organisations[short], end_reason="")
    return sorted(found.values_list("person__name", flat=True))


def test_from_upload_to_undo(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, mixed())
    assert "正在读取文件" in text(client, f"/imports/{batch.key}/")
    assert work() == 1
    assert [way[1:] for way in ways(batch)] == [
        ("create", "何清"),
        ("update", "单飞燕"),
        ("suspect", "张唯"),
        ("suspect", "曾琪"),
        ("refuse", "missing_name"),
        ("same", "张伟"),
    ]
    assert fresh(batch).headings["not_imported"] == ["政治面貌", "民族", "宗教信仰", "健康状况", "身份证号"]
    page = text(client, f"/imports/{batch.key}/")
    for heading in ("政治面貌", "民族", "宗教信仰", "健康状况", "身份证号"):
        assert f"<del>{heading}</del>" in page
    assert "张唯" in page and "手机号相同" in page  # the tab of suspects comes first
    assert "何清" in text(client, f"/imports/{batch.key}/?tab=create")
    assert "单飞燕" in text(client, f"/imports/{batch.key}/?tab=update")
    assert "没有名称（姓名），请补填" in text(client, f"/imports/{batch.key}/?tab=refuse")
    assert members(cast) == ["单飞燕", "张伟"]

    suspect = rows_of(batch)[2]
    assert client.post(f"/imports/{batch.key}/settle/", {"row": suspect.key, "decision": "same"}).status_code == 303
    assert [row.decision for row in rows_of(batch)] == ["", "", "same", "", "", ""]
    assert commit(client, batch).status_code == 303
    assert work() == 1
    assert members(cast) == ["何清", "单飞燕", "张伟", "张伟"]  # 张唯 is the 张伟 of the number: one more spell, no new person
    assert Person.objects.system("test").filter(name="何清").get().gender == "female"
    assert raw_files() == []
    assert "写入 3 行" in text(client, f"/imports/{batch.key}/")

    heads, lines = problems(client, batch)
    assert heads == ["工作表", "行号", "姓名", "性别", "出生年月", "单位", "职务", "职称", "手机", "邮箱", "入会时间", "会内职务", "备注", "原因"]
    assert [[line[2], line[8], line[12], line[13]] for line in lines] == [
        ["曾琪", "19900000104", "2025-03退会", "疑似重复：姓名和单位相同，还没有裁定"],
        ["", "19900000105", "已故", "没有名称（姓名），请补填，或删去这一行"],
    ]

    assert client.post(f"/imports/{batch.key}/undo/", {"reason": ""}).status_code == 422
    assert client.post(f"/imports/{batch.key}/undo/", {"reason": "选错了组织"}).status_code == 303
    assert members(cast) == ["单飞燕", "张伟"]
    assert not Person.objects.system("test").filter(name="何清").exists()
    assert Person.objects.system("test").get(pk=cast.persons["anna"].pk).title == ""


def problems(client: Client, batch: Batch) -> tuple[list[str], list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/imports/{batch.key}/problems/").content))
    assert book.active is not None
    heads, *lines = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    return heads, lines  # type: ignore[return-value]


def test_mended_rows_come_in_with_what_was_read_of_them(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, mixed())
    work()
    commit(client, batch)
    work()
    heads, lines = problems(client, batch)
    lines[-1][2] = "蒋明"  # the nameless one gets a name
    again = upload(client, cast, workbook([heads, *lines]))
    work()
    assert [way[1:] for way in ways(again)] == [("suspect", "张唯"), ("suspect", "曾琪"), ("create", "蒋明")]
    client.post(f"/imports/{again.key}/settle/", {"decision": "new"})
    commit(client, again)
    work()
    states = {spell.person.name: (str(spell.ended_on), spell.end_reason) for spell in Membership.objects.system("test").select_related("person").filter(person__name__in=["蒋明", "曾琪"])}
    assert states == {"蒋明": ("None", "deceased"), "曾琪": ("2025-03-01", "left")}


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    data = roster(
        {"姓名": "何清", "手机": "19900000101、19900000102", "单位": "云塔科技", "职务": "工程师", "职称": "律师", "邮箱": "He@example.org", "出生年月": "1980.03", "入会时间": "2024.3", "会内职务": "理事"},
        {"姓名": "蒋明", "性别": "男", "单位": "云塔科技"},
        {"姓名": "孙 悦", "备注": "退会"},
    )
    first = upload(client, cast, data)
    work()
    commit(client, first)
    work()
    before = [list(model.objects.system("test").order_by("pk").values()) for model in (Person, Membership)]
    again = upload(client, cast, data)
    work()
    assert [way[1] for way in ways(again)] == ["same", "same", "create"]  # a name alone is no likeness
    third = upload(client, cast, roster({"姓名": "何清", "手机": "19900000101"}))
    work()
    assert [way[1] for way in ways(third)] == ["same"]
    answer = commit(client, third)
    assert answer.status_code == 422
    assert "没有可以写入的行" in answer.content.decode()
    assert [list(model.objects.system("test").order_by("pk").values()) for model in (Person, Membership)] == before


def test_two_imports_of_one_file_make_nobody_twice(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    data = roster({"姓名": "何清", "手机": "19900000101"})
    first, second = upload(client, cast, data), upload(client, cast, data)
    work()
    commit(client, first)
    commit(client, second)
    with pytest.raises(Exception, match="试运行之后有了变化"):
        work()
    assert members(cast) == ["何清", "单飞燕", "张伟"]
    assert "试运行之后有了变化：要写入的 1 行现在都写不进去。请重新试运行再写入" in text(client, f"/imports/{second.key}/")


def test_undo_keeps_and_names_what_was_edited_since(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, roster({"姓名": "何清", "手机": "19900000101"}, {"姓名": "蒋明", "手机": "19900000102"}))
    work()
    commit(client, batch)
    work()
    person = Person.objects.system("test").get(name="何清")
    people.correct(by=SYSTEM, person=person, title="律师")
    client.post(f"/imports/{batch.key}/undo/", {"reason": "选错了组织"})
    assert members(cast) == ["何清", "单飞燕", "张伟"]
    page = text(client, f"/imports/{batch.key}/?tab=create")
    assert "撤回 1 行；1 行因为之后改过或别处要用而保留" in page
    assert "导入之后有人改过" in page


def test_remap_is_remembered(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    head = ["姓名", "手机", "称谓栏"]
    data = workbook([head, ["何清", "19900000101", "高级律师"]])
    batch = upload(client, cast, data)
    work()
    assert "高级律师" in text(client, f"/imports/{batch.key}/remap/")  # the sample beside the choice
    assert "19900000101" in text(client, f"/imports/{batch.key}/remap/")
    answer = client.post(f"/imports/{batch.key}/remap/", {"column_0": "name", "column_1": "mobile", "column_2": "title"})
    assert answer.status_code == 303
    work()
    assert rows_of(batch)[0].values["title"] == "高级律师"
    again = upload(client, cast, data)
    work()
    assert rows_of(again)[0].values["title"] == "高级律师"


def test_left_out_columns_cannot_be_chosen(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, mixed())
    work()
    page = text(client, f"/imports/{batch.key}/remap/")
    assert re.findall(r"<label[^>]*>([^<]*)", page).count("民族") == 0
    assert not {"政治面貌", "民族", "宗教信仰", "健康状况", "身份证号"} & set(re.findall(r">\s*([^<>\s]+)\s*</label>", page))
    assert set(HEAD) - {"政治面貌", "民族", "宗教信仰", "健康状况", "身份证号"} <= set(re.findall(r">\s*([^<>\s]+)\s*(?=<)", page))


@pytest.mark.parametrize("part", ["", "remap/", "problems/", "undo/"])
def test_another_branch_is_not_found(cast: Cast, part: str) -> None:
    batch = upload(signed_in(cast, "east_clerk"), cast, mixed())
    work()
    assert signed_in(cast, "west_clerk").get(f"/imports/{batch.key}/{part}").status_code == 404
    assert signed_in(cast, "auditor").get(f"/imports/{batch.key}/{part}").status_code in (403, 404)
    assert Client().get(f"/imports/{batch.key}/{part}").status_code in (302, 404)


@pytest.mark.parametrize("part", ["settle/", "commit/", "discard/", "undo/", "remap/"])
def test_another_branch_changes_nothing(cast: Cast, part: str) -> None:
    batch = upload(signed_in(cast, "east_clerk"), cast, mixed())
    work()
    before = [(fresh(batch).version, fresh(batch).discarded_at), [row.decision for row in rows_of(batch)]]
    body = {"decision": "same", "version": fresh(batch).version, "reason": "x"}
    assert signed_in(cast, "west_clerk").post(f"/imports/{batch.key}/{part}", body).status_code == 404
    assert [(fresh(batch).version, fresh(batch).discarded_at), [row.decision for row in rows_of(batch)]] == before


def test_uploading_into_another_branch_is_not_found(cast: Cast) -> None:
    address = f"/imports/organisations/{cast.tower.key}/"
    body = {"kind": "roster", "file": uploaded(mixed())}
    assert signed_in(cast, "west_clerk").post(address, body).status_code == 404
    assert raw_files() == []


def test_discarding_takes_everything_away(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, mixed())
    work()
    assert client.post(f"/imports/{batch.key}/discard/").status_code == 303
    assert (rows_of(batch), raw_files()) == ([], [])
    assert commit(client, batch).status_code == 422
    assert client.post(f"/imports/{batch.key}/settle/", {"decision": "same"}).status_code == 422
    assert "这次导入已经放弃" in text(client, f"/imports/{batch.key}/")


def test_a_refused_file_is_told_and_gone(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    batch = upload(client, cast, b"%PDF-1.7")
    work()
    assert "这不是表格，内容是PDF" in text(client, f"/imports/{batch.key}/")
    assert raw_files() == []


def test_a_form_without_a_file_says_so(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    address = f"/imports/organisations/{cast.tower.key}/"
    for body, sentence in (
        ({"kind": "roster"}, "请选择一个文件"),
        ({"kind": "roster", "file": uploaded(b"")}, "这是一个空文件，请检查后再传"),
    ):
        answer = client.post(address, body)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    answer = client.post(address, {"kind": "wine", "file": uploaded(mixed())})
    assert answer.status_code == 422
    assert "这是什么名单" in answer.content.decode()


def test_pages_run_the_same_number_of_queries(cast: Cast) -> None:
    client = signed_in(cast, "east_clerk")
    counts = []
    for rows in (1, 3):
        batch = upload(client, cast, roster(*({"姓名": f"何{n}清", "手机": f"1990000020{n}"} for n in range(rows)), {"姓名": "张唯", "手机": "19900000003"}))
        work()
        with CaptureQueriesContext(connection) as pages:
            client.get(f"/imports/{batch.key}/?tab=create")
            client.get(f"/imports/{batch.key}/?tab=suspect")
            client.get(f"/imports/{batch.key}/remap/")
        with CaptureQueriesContext(connection) as listed:
            client.get("/imports/")
        counts.append((len(pages), len(listed)))
    assert counts[0] == counts[1]
