"""Rosters made for a test, and the steps of an import as a clerk takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from juzhi.base.actors import Actor
from juzhi.files.queries import folder
from juzhi.imports import actions, tasks
from juzhi.imports.models import Batch, BatchRow
from juzhi.network.models import Organisation
from tests.cast import Cast
from tests.imports.workbooks import workbook

HEAD = ("序号", "姓名", "性别", "出生年月", "政治面貌", "民族", "宗教信仰", "健康状况", "身份证号", "学历", "单位", "职务", "职称", "手机", "邮箱", "入会时间", "会内职务", "备注")
# What no import may keep, wherever it stands in the file.
LEFT_OUT = ("致公党党员", "鄂温克族", "藏传佛教", "高血压三级", "999999199001011234", "博士后研究生", "塔塔尔族", "999999197505052345", "曾患肺结核")


def roster(*rows: dict[str, Any], head: Sequence[str] = HEAD) -> bytes:
    """A roster with these rows beneath a title."""
    return workbook([["达标大厦会员名册"], list(head), *([row.get(name, "") for name in head] for row in rows)])


def mixed() -> bytes:
    """One row of every sort, for the building of the cast, with what is never kept in every place where it may stand."""
    private = {"政治面貌": "致公党党员", "民族": "鄂温克族", "宗教信仰": "藏传佛教", "健康状况": "高血压三级", "身份证号": "999999199001011234", "学历": "博士后研究生"}
    return roster(
        {"姓名": "何清（塔塔尔族，女）", "手机": "19900000101", "单位": "云塔科技", "职务": "工程师", "入会时间": "2024-03-01", "备注": "身份证999999197505052345，曾患肺结核", **private},
        {"姓名": "单飞燕", "手机": "19900000001", "单位": "云海示例公司", "职务": "职员", "职称": "高级工程师", **private},
        {"姓名": "张唯", "手机": "19900000003", "单位": "云塔科技", "入会时间": "2024-04-01", **private},
        {"姓名": "曾琪", "手机": "19900000104", "单位": "云海示例公司", "备注": "2025年3月退会", **private},
        {"姓名": "", "手机": "19900000105", "单位": "云塔科技", "备注": "已故", **private},
        {"姓名": "张伟", "手机": "19900000002", **private},
    )


def uploaded(data: bytes, name: str = "名册.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def planned(by: Actor, data: bytes, place: Organisation | None, kind: str = "roster", name: str = "名册.xlsx") -> Batch:
    """A file uploaded and read, nothing written."""
    batch = actions.upload(by=by, file=uploaded(data, name), kind=kind, organisation_id=place.pk if place else None)
    return tasks.read_now(by, batch)


def fresh(batch: Batch) -> Batch:
    return Batch.objects.system("test").get(pk=batch.pk)


def rows_of(batch: Batch) -> list[BatchRow]:
    return list(BatchRow.objects.system("test").filter(batch=batch).order_by("position"))


def ways(batch: Batch) -> list[tuple[int, str, str]]:
    """(row, action, reason or name) of every row that is a record."""
    return [(row.row, row.action, row.reason or row.values.get("name") or "") for row in rows_of(batch)]


def raw_files() -> list[str]:
    """Names of the private files there are, once what waits for the end of the transaction (a test runs inside one) has happened."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _savepoints, callback, _robust in waiting:
        callback()
    return sorted(path.name for path in folder().iterdir()) if folder().exists() else []


def work() -> int:
    """Do every job that waits, as a worker does. Returns how many."""
    jobs = list(DBTaskResult.objects.ready().order_by("enqueued_at"))
    for job in jobs:
        job.task.func(**job.args_kwargs["kwargs"])
        job.delete()
    return len(jobs)


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
