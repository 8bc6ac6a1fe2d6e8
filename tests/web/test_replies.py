"""A form is done once: the same again gets the same answer, another body 409; refusals and stale forms go back to the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from juzhi.base.action import ACTIONS, action
from juzhi.base.actors import Visitor
from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.web.models import Receipt
from juzhi.web.replies import came_from, page, refusal, submit, version_of
from tests.cast import NOW

pytestmark = pytest.mark.django_db


class NameForm(forms.Form):
    name = forms.CharField(max_length=20)


def asked(body: dict[str, Any] | None = None, *, htmx: bool = False, path: str = "/somewhere/") -> HttpRequest:
    factory, headers = RequestFactory(), {"HX-Request": "true"} if htmx else {}
    request = factory.post(path, body, headers=headers) if body is not None else factory.get(path, headers=headers)
    request.by = Visitor(NOW)  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


class Deeds:
    """Counts how often the deed was done."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def post(self, body: dict[str, Any], run: Callable[[], Any] | None = None, **named: Any) -> tuple[HttpResponse | None, NameForm, HttpRequest]:
        request = asked(body, **named)
        form = NameForm(request.POST)

        def deed() -> str:
            self.names.append(form.cleaned_data["name"])
            return form.cleaned_data["name"]

        return submit(request, form, run or deed, to=lambda made: f"/made/{made}/", done="已存"), form, request


def test_the_same_form_twice_is_done_once() -> None:
    deeds = Deeds()
    body = {"name": "anna", "form_key": "k1", "csrfmiddlewaretoken": "a"}
    first, _form, request = deeds.post(body)
    second, _form, again = deeds.post({**body, "csrfmiddlewaretoken": "b"})
    assert first and second and [(one.status_code, one["Location"]) for one in (first, second)] == [(303, "/made/anna/")] * 2
    assert deeds.names == ["anna"]
    assert ([str(one) for one in request._messages], [str(one) for one in again._messages]) == (["已存"], [])  # type: ignore[attr-defined]


def test_the_same_key_with_another_body_or_address_is_a_conflict() -> None:
    deeds = Deeds()
    deeds.post({"name": "anna", "form_key": "k1"})
    for answer, _form, _request in (deeds.post({"name": "bo", "form_key": "k1"}), deeds.post({"name": "anna", "form_key": "k1"}, path="/elsewhere/")):
        assert answer is not None and answer.status_code == 409
        assert "这份表单已经提交过" in answer.content.decode()
    assert deeds.names == ["anna"]


def test_without_a_key_every_sending_counts() -> None:
    deeds = Deeds()
    deeds.post({"name": "anna"})
    deeds.post({"name": "anna"})
    assert deeds.names == ["anna", "anna"]


def test_a_wrong_form_is_not_done() -> None:
    deeds = Deeds()
    answer, form, _request = deeds.post({"name": "", "form_key": "k1"})
    assert (answer, deeds.names, list(form.errors)) == (None, [], ["name"])
    assert submit(asked(), NameForm(), lambda: 1, to=str) is None


def raises(error: Exception) -> Callable[[], Any]:
    def run() -> Any:
        raise error

    return run


def test_a_refusal_goes_to_its_field_and_leaves_no_receipt() -> None:
    deeds = Deeds()
    answer, form, _request = deeds.post({"name": "anna", "form_key": "k1"}, raises(Refused("这个名字不行", field="name")))
    assert (answer, form.errors.get_json_data()) == (None, {"name": [{"message": "这个名字不行", "code": ""}]})
    _answer, form, _request = deeds.post({"name": "anna", "form_key": "k1"}, raises(Refused("今天不行", field="other")))
    assert form.non_field_errors() == ["今天不行"]
    assert Receipt.objects.system("test").count() == 0
    done, _form, _request = deeds.post({"name": "anna", "form_key": "k1"})
    assert done is not None and done.status_code == 303  # mended, the same form goes through


def test_a_stale_form_shows_both() -> None:
    rows = [("名称", "我的", "别人的")]
    answer, form, request = Deeds().post({"name": "anna", "form_key": "k1"}, raises(Stale("刚被别人改过", details=rows)))
    assert (answer, form.stale) == (None, rows)  # type: ignore[attr-defined]
    assert page(request, "web/refused.html", {"form": form}).status_code == 422


def test_what_the_deed_wrote_goes_with_its_receipt() -> None:
    def deed(*, by: Any) -> None:
        Receipt.objects.create(actor_key="x", form_key="inner", body_digest="", answer="", at=NOW)
        raise Refused("后来不行")

    made = action(deed)
    ACTIONS.pop("web.deed", None)
    Deeds().post({"name": "anna", "form_key": "k1"}, lambda: made(by=None))
    assert Receipt.objects.system("test").count() == 0


def test_htmx_is_told_where_to_go() -> None:
    answer, _form, _request = Deeds().post({"name": "anna", "form_key": "k1"}, htmx=True)
    assert answer is not None and (answer.status_code, answer["HX-Redirect"], answer["Vary"]) == (200, "/made/anna/", "HX-Request")


def test_page_or_fragment_is_decided_once() -> None:
    for headers, whole in (({}, True), ({"HX-Request": "true"}, False), ({"HX-Request": "true", "HX-Boosted": "true"}, True), ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True)):
        request = RequestFactory().get("/", headers=headers)
        request.by = Visitor(NOW)  # type: ignore[attr-defined]
        text = page(request, "web/refused.html", {"message": "x"}, fragment="web/_broken.html").content.decode()
        assert ("<html" in text) is whole, headers


@pytest.mark.parametrize(("error", "status"), [(Refused("不行"), 422), (Forbidden(), 403), (Stale("旧了", details=[("名称", "我的", "别人的")]), 409), (Refused("两次不同", code="conflict"), 409)])
def test_a_refusal_no_form_can_show_is_a_page(error: Refused, status: int) -> None:
    answer = refusal(asked(), error)
    assert (answer.status_code, error.message in answer.content.decode()) == (status, True)


@pytest.mark.parametrize("version", ["", "x", "-1", "１", "1" * 10])
def test_a_form_without_its_version_is_refused(version: str) -> None:
    assert version_of(asked({"version": "7"})) == 7
    with pytest.raises(Refused, match="表单不完整"):
        version_of(asked({"version": version}))


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/areas/?q=东", "/areas/?q=东"),
        ("http://testserver/here/", ""),  # the refused page itself
        ("https://elsewhere.example.org/areas/", ""),
        ("javascript:alert(1)", ""),
        ("http://testserver//elsewhere.example.org/", ""),
        ("", ""),
    ],
)
def test_a_refusal_leads_back_within_this_site(referer: str, back: str) -> None:
    request = RequestFactory(headers={"referer": referer} if referer else {}).get("/here/")
    assert came_from(request) == back
