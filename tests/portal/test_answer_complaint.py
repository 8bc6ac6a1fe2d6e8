"""The box is opened by the protection contact, and by the operator as far as nothing in it names anybody; an answer is given once, and its writer sees it."""

from __future__ import annotations

import pytest

from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.portal.actions import answer_complaint, complain
from juzhi.portal.models import Complaint
from juzhi.portal.queries import complaint, complaints
from tests.cast import NOW, VISITOR, Cast
from tests.portal.conftest import Browser

READERS = ("protection",)
OTHERS = ("anna", "operator", "city_clerk", "east_clerk", "auditor", "statistician", "publisher", "expired")


@pytest.fixture
def written(cast: Cast) -> Complaint:
    return complain(by=cast.by("anna"), text="CANARY 请改", signed=True, reply_to="19900000001")


def fresh(written: Complaint) -> Complaint:
    return Complaint.objects.system("test").get(pk=written.pk)


@pytest.mark.parametrize("name", READERS)
def test_answers_once(cast: Cast, written: Complaint, name: str) -> None:
    answer_complaint(by=cast.by(name), complaint=written, answer=" 已改 ", version=1)
    found = fresh(written)
    assert (found.answer, found.answered_at, found.answered_by, found.version) == ("已改", NOW, cast.accounts[name].key, 2)
    with pytest.raises(Refused) as refused:
        answer_complaint(by=cast.by(name), complaint=found, answer="再答")
    assert (refused.value.code, fresh(written).answer) == ("state", "已改")


@pytest.mark.parametrize("name", OTHERS)
def test_others_may_not(cast: Cast, written: Complaint, name: str) -> None:
    with pytest.raises(Forbidden):
        answer_complaint(by=cast.by(name), complaint=written, answer="不该")
    assert fresh(written).answer == ""


def test_refuses_an_empty_answer_and_a_stale_form(cast: Cast, written: Complaint) -> None:
    with pytest.raises(Refused) as refused:
        answer_complaint(by=cast.by("protection"), complaint=written, answer="  ")
    assert refused.value.field == "answer"
    with pytest.raises(Stale):
        answer_complaint(by=cast.by("protection"), complaint=written, answer="已改", version=7)


def test_who_reads_the_box(cast: Cast, written: Complaint) -> None:
    assert [complaint(cast.by(name), written.key) is not None for name in READERS] == [True]
    assert [complaint(cast.by(name), written.key) is not None for name in OTHERS] == [True] + [False] * (len(OTHERS) - 1)  # anna wrote it
    assert complaint(VISITOR, written.key) is None


def test_what_waits_comes_first(cast: Cast, written: Complaint) -> None:
    answer_complaint(by=cast.by("protection"), complaint=written, answer="已改")
    complain(by=VISITOR, text="还没有答复")
    assert [one.text for one in complaints(cast.by("protection"))] == ["还没有答复", "CANARY 请改"]


@pytest.mark.parametrize("name", ["", *OTHERS])
def test_pages_are_not_there_for_others(cast: Cast, browser: Browser, written: Complaint, name: str) -> None:
    for address in ("/complaints/list/", f"/complaints/{written.key}/answer/"):
        if (name, address) == ("operator", "/complaints/list/"):
            continue  # his part of the box: what names nobody
        response = browser(name).get(address)
        assert response.status_code == (404 if name else 302)
        assert "CANARY" not in response.content.decode()


def test_the_walk_of_an_answer(cast: Cast, browser: Browser, written: Complaint) -> None:
    client, address = browser("protection"), f"/complaints/{written.key}/answer/"
    assert "CANARY 请改" in client.get("/complaints/list/").content.decode()
    assert (client.post(address, {"answer": "", "version": "1"}).status_code, client.post(address, {"answer": "已改", "version": "9"}).status_code) == (422, 422)
    answered = client.post(address, {"answer": "已改", "version": "1", "form_key": "one"})
    assert (answered.status_code, answered["Location"]) == (303, "/complaints/list/")
    text = browser("anna").get("/complaints/").content.decode()
    assert "已答复" in text and "已改" in text
    assert "已改" in client.get(address).content.decode()


def test_the_exported_list_runs_no_formula(cast: Cast, browser: Browser) -> None:
    complain(by=VISITOR, text="=HYPERLINK(1)")
    text = browser("protection").get("/complaints/list/?format=csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_a_signed_complaint_is_told_to_its_writer_among_the_records(cast: Cast, written: Complaint) -> None:
    from juzhi.portal.privacy import items

    assert [(item.value, item.note) for item in items(cast.by("anna"))] == [("CANARY 请改", "2026-11-24 · 19900000001 · 待答复")]
    assert items(cast.by("bo")) == []


def test_the_operator_sees_and_answers_what_names_nobody(cast: Cast, written: Complaint) -> None:
    plain, asks = complain(by=VISITOR, text="页面打不开"), complain(by=VISITOR, text="请回电", reply_to="19900000001")
    by = cast.by("operator")
    assert [one.text for one in complaints(by)] == ["页面打不开"]
    assert (complaint(by, written.key), complaint(by, asks.key)) == (None, None)
    assert answer_complaint(by=by, complaint=plain, answer="已修").answer == "已修"
    for one in (written, asks):
        with pytest.raises(Forbidden):
            answer_complaint(by=by, complaint=one, answer="不该")
