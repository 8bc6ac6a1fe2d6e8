"""Fields that read days as people write them, and how a form shows what is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from juzhi.web.forms import AsOfField, DayField, PartialDateField, SpecimenForm


class Days(forms.Form):
    partial = PartialDateField(label="成立", required=False)
    day = DayField(label="入会", required=False)
    as_of = AsOfField(label="截至", required=False)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("partial", "2024-03", "2024-03"),
        ("partial", "2024年3月", "2024-03"),
        ("partial", "2024", "2024"),
        ("partial", "2024.5.31", "2024-05-31"),
        ("day", "2024-05-31", "2024-05-31"),
        ("as_of", "2024", "2024-12-31"),
        ("as_of", "2024-02", "2024-02-29"),
        ("as_of", "2024-05-31", "2024-05-31"),
    ],
)
def test_reads_days_as_written(name: str, text: str, expected: str) -> None:
    form = Days({name: text})
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data[name]) == expected


def test_nothing_is_nothing() -> None:
    form = Days({})
    assert (form.is_valid(), form.cleaned_data) == (True, {"partial": None, "day": None, "as_of": None})


@pytest.mark.parametrize(("name", "text"), [("partial", "2024-13"), ("partial", "昨天"), ("day", "2024-03"), ("as_of", "2024-02-30"), ("as_of", "x"), ("as_of", "9" * 61), ("partial", "2024\x00")])
def test_says_what_is_wrong_in_words(name: str, text: str) -> None:
    form = Days({name: text})
    assert not form.is_valid()
    assert list(form.errors) == [name] and form.errors[name][0]


def test_as_of_is_a_date() -> None:
    form = Days({"as_of": "2024-05"})
    assert form.is_valid() and form.cleaned_data["as_of"] == date(2024, 5, 31)


def drawn(form: Any) -> str:
    return Template('{% form form submit="存" %}').render(Context({"form": form, "csrf_token": "token"}))


def test_a_form_carries_its_keys_and_its_errors() -> None:
    form = SpecimenForm({"name": "云塔", "founded": "2042", "kind": "site", "status": "branch", "form_key": "kept", "version": "3"})
    text = drawn(form)
    assert 'name="form_key" value="kept"' in text and 'name="version" value="3"' in text and 'name="csrfmiddlewaretoken" value="token"' in text
    assert 'href="#id_founded"' in text and 'aria-invalid="true"' in text and 'role="alert"' in text


def test_a_fresh_form_gets_a_key_of_its_own() -> None:
    keys = {drawn(SpecimenForm()).split('name="form_key" value="')[1].split('"')[0] for _time in range(3)}
    assert len(keys) == 3 and "" not in keys


def test_after_another_editor_saving_again_is_a_decision() -> None:
    form = SpecimenForm({"name": "云塔", "kind": "site", "status": "branch", "version": "3"})
    form.version, form.stale = 4, [("名称", "云塔", "云塔（筹）")]  # type: ignore[attr-defined]
    text = drawn(form)
    assert 'name="version" value="4"' in text and "仍按我填的保存" in text and "云塔（筹）" in text
