"""Who reads which entries, and which of their values."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from juzhi.base.actors import System
from juzhi.files.models import Upload
from juzhi.jobs.models import ScheduledJob
from juzhi.journal import actions, queries, views
from juzhi.journal.queries import Change
from tests.journal.conftest import Reader, inside_an_action

AUDITOR = Reader({"auditor": {3}})
CLERK_TOO = Reader({"auditor": {3}, "member_clerk": {3}})
ELSEWHERE = Reader({"auditor": {4}, "secretary": {4}, "member_clerk": {3, 4}})
JOB, PERSON = "jobjobjob222", "person222222"


@pytest.fixture
def written(db: None, system: System) -> None:
    def deeds() -> None:
        actions.record(by=system, verb="jobs.rename", thing=ScheduledJob(key=JOB), organisation_id=3, changes={"name": ("旧", "新")}, reason="改名")
        person = Upload(key=PERSON)
        actions.record(by=system, verb="people.rename", thing=person, organisation_id=3, changes={"name": ("CANARY旧", "CANARY新")}, reason="CANARY因")
        lines = [actions.Line(person, {"name": (None, "CANARY导")}), actions.Line(Upload(), {"name": (None, "CANARY别人")})]
        actions.record(by=system, verb="imports.commit", thing=ScheduledJob(), organisation_id=3, lines=lines)

    inside_an_action(deeds)


def told(page: Any) -> list[tuple[Any, ...]]:
    return [(row.verb, row.thing, row.reason, row.changes) for row in page.object_list]


def of_organisation(by: Reader) -> list[tuple[Any, ...]]:
    return told(queries.page(by, queries.entries_of_organisation(by, "3"), 1))


def test_auditor_sees_field_names_of_persons_and_values_of_the_rest(written: None) -> None:
    assert of_organisation(AUDITOR) == [
        ("写入导入", "定时任务", "", ()),
        ("people.rename", "上传文件", "", (Change("文件名", "hidden"),)),
        ("jobs.rename", "定时任务", "改名", (Change("名称", "shown", "旧", "新"),)),
    ]


def test_clerk_sees_values_about_persons(written: None) -> None:
    assert of_organisation(CLERK_TOO)[1] == ("people.rename", "上传文件", "CANARY因", (Change("文件名", "shown", "CANARY旧", "CANARY新"),))


def test_another_organisation_sees_nothing(written: None) -> None:
    assert of_organisation(ELSEWHERE) == []
    assert told(queries.page(ELSEWHERE, queries.entries_of_thing(ELSEWHERE, "files.upload", PERSON), 1)) == []


def test_things_page_shows_the_things_own_line_of_a_bulk_verb(written: None) -> None:
    page = queries.page(CLERK_TOO, queries.entries_of_thing(CLERK_TOO, "files.upload", PERSON), 1, ("files.upload", PERSON))
    assert told(page) == [
        ("写入导入", "定时任务", "", (Change("文件名", "shown", None, "CANARY导"),)),
        ("people.rename", "上传文件", "CANARY因", (Change("文件名", "shown", "CANARY旧", "CANARY新"),)),
    ]


def test_forgotten_values_are_called_so(written: None, system: System) -> None:
    actions.forget(by=system, things=[("files.upload", PERSON)])
    assert of_organisation(CLERK_TOO)[1] == ("people.rename", "上传文件", "", (Change("文件名", "erased"),))


def test_queries_do_not_grow_with_rows(written: None, system: System, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        with django_assert_num_queries(4):  # count, entries, values, rights to values
            of_organisation(CLERK_TOO)
        inside_an_action(lambda: actions.record(by=system, verb="jobs.rename", thing=ScheduledJob(), organisation_id=3, changes={"name": (1, 2)}))


def shown(by: Reader, view: Any, *arguments: str) -> str:
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    request.by = by  # type: ignore[attr-defined]
    return view(request, *arguments).content.decode()  # type: ignore[no-any-return]


def test_pages_show_no_value_about_a_person_to_the_auditor(written: None) -> None:
    text = shown(AUDITOR, views.organisation_entries, "3")
    assert "people.rename" in text and "新" in text and "CANARY" not in text
    assert "CANARY新" in shown(CLERK_TOO, views.organisation_entries, "3")


def test_page_of_a_thing_one_may_not_see_is_not_there(written: None) -> None:
    assert "CANARY" in shown(CLERK_TOO, views.thing_entries, "files.upload", PERSON)
    for by, kind, key in ((ELSEWHERE, "files.upload", PERSON), (CLERK_TOO, "files.upload", "nobody222222"), (CLERK_TOO, "no.such", "x")):
        with pytest.raises(Http404):
            shown(by, views.thing_entries, kind, key)
