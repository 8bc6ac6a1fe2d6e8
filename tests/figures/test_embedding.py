"""A published number as a card on other people's pages: signed, checked here, and it says when it was restated."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.test import Client

from juzhi.base.actors import System
from juzhi.figures import actions
from juzhi.figures.models import Reading
from juzhi.members import actions as members
from juzhi.members.figures import MEMBERS
from juzhi.network import actions as network
from juzhi.network.figures import ORGANISATIONS
from tests.cast import SYSTEM, Cast
from tests.figures.conftest import asked

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 10, 31)
CODE = re.compile(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}")


def picture(made: Reading, **asked: str) -> str:
    answer = Client().get(f"/figures/readings/{made.key}/card/", asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin" and "public" in answer["Cache-Control"] and not answer.cookies
    text = answer.content.decode()
    ElementTree.fromstring(text)
    return text


def verdict(made: Reading, code: str) -> str:
    page = Client().get(f"/figures/readings/{made.key}/", {"code": code}).content.decode()
    words = {"没有改过": "current", "重述以前发出": "former", "不是本站": "foreign"}
    return " ".join(word for said, word in words.items() if said in page)


def code_of(made: Reading) -> str:
    found = CODE.search(picture(made))
    assert found
    return found.group()


def test_a_card_is_drawn_and_its_code_is_ours(cast: Cast, settings: LazySettings) -> None:
    made = actions.publish(by=SYSTEM, figure=asked(cast, MEMBERS, "city", DAY))
    other = actions.publish(by=SYSTEM, figure=asked(cast, ORGANISATIONS, "city", DAY))
    assert ">9<" in picture(made) and "2026-10-31" in picture(made)
    assert 'lang="en"' in picture(made, lang="en") and "发布" not in picture(made, lang="en")
    code = code_of(made)
    assert (verdict(made, code), verdict(made, code.lower().replace("-", " "))) == ("current", "current")
    assert (verdict(other, code), verdict(made, code[:-1] + ("A" if code[-1] != "A" else "B")), verdict(made, "")) == ("foreign", "foreign", "")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-of-fifty-letters-that-came-after-it-today", [settings.SECRET_KEY]
    assert verdict(made, code) == "current"  # cards outlive a key
    settings.SECRET_KEY_FALLBACKS = []
    assert verdict(made, code) == "foreign"


def test_a_restated_number_says_so_and_knows_its_older_cards(cast: Cast) -> None:
    made = actions.publish(by=SYSTEM, figure=asked(cast, MEMBERS, "city", DAY))
    before = code_of(made)
    members.correct(by=SYSTEM, membership=cast.memberships["bo"], joined_on=date(2026, 11, 2), reason="对照批文")
    actions.restate(by=System("by night", datetime(2026, 11, 24, 18, 43, tzinfo=UTC)))  # the 25th in Shanghai
    assert "2026-11-25 起重述为 8" in picture(made) and ">9<" in picture(made)
    assert (verdict(made, before), verdict(made, code_of(made))) == ("former", "current")


def test_what_a_name_may_hold_breaks_no_picture(cast: Cast) -> None:
    network.rename(by=SYSTEM, organisation=cast.city, name='<script>"&\'</script>' + "很长的名称" * 12, valid_from=date(2020, 1, 1), reason="试")
    made = actions.publish(by=SYSTEM, figure=asked(cast, ORGANISATIONS, "city", DAY))
    assert "<script" not in picture(made) and "…" in picture(made)
    page = Client().get(f"/figures/readings/{made.key}/")
    assert "<script>&quot;" not in page.content.decode() and "&amp;lt;script" in page.content.decode()  # the markup shown for copying is escaped for its page and for the article


def test_what_cannot_be_asked(cast: Cast) -> None:
    made = actions.publish(by=SYSTEM, figure=asked(cast, ORGANISATIONS, "city", DAY))
    visitor = Client()
    assert visitor.get("/figures/readings/zzzzzzzzzzzz/card/").status_code == 404
    wrong = visitor.get(f"/figures/readings/{made.key}/card/", {"lang": "fr"})
    assert wrong.status_code == 400 and "没有这种语言" in wrong.content.decode()
    long = visitor.get(f"/figures/readings/{made.key}/", {"code": "A" * 60})
    assert long.status_code == 400 and "16 个字母和数字" in long.content.decode()
