"""The gallery shows every component, in both themes, to anybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from juzhi.web import specimens
from juzhi.web.templatetags import components

WEB = Path(specimens.__file__).parent
TEMPLATES = WEB / "templates" / "web"
NAMES = sorted(path.stem for path in (TEMPLATES / "components").glob("*.html") if not path.stem.startswith("_"))


def test_a_component_is_one_function_one_template_one_sheet() -> None:
    tags = sorted(name for name in components.register.tags)
    sheets = sorted(path.stem for path in (WEB / "static" / "web" / "css" / "components").glob("*.css"))
    assert (tags, sheets) == (NAMES, NAMES)


def test_every_component_occurs() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "specimens").glob("*.html"))
    assert [name for name in NAMES if not re.search(r"{% " + name + r"[ %]", written)] == []


def test_every_sheet_is_imported_once() -> None:
    entry = (WEB / "static" / "web" / "css" / "juzhi.css").read_text(encoding="utf-8")
    assert sorted(re.findall(r'"components/([a-z_]+)\.css"', entry)) == NAMES


@pytest.mark.django_db
def test_light_and_dark_side_by_side_and_no_id_twice() -> None:
    response = Client().get("/gallery/")
    text = response.content.decode()
    assert (response.status_code, text.count('class="shade" data-theme="light"'), text.count('class="shade" data-theme="dark"')) == (200, len(specimens.GROUPS), len(specimens.GROUPS))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
def test_states_are_shown() -> None:
    text = Client().get("/gallery/").content.decode()
    for state in ("aria-busy", " disabled", "还没有活动", "没有存上", "已写入 165 行", "别人刚改过这条记录", "不足 5，不显示", "不能判定", 'role="alert"'):
        assert state in text, state


@pytest.mark.django_db
def test_the_page_itself_follows_the_reader() -> None:
    client = Client()
    assert '<html lang="zh-hans" data-theme="light">' in client.get("/gallery/").content.decode()
    client.cookies["theme"] = "dark"
    assert '<html lang="zh-hans" data-theme="dark">' in client.get("/gallery/").content.decode()
