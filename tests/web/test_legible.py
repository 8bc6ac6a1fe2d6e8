"""Addresses with characters that are never stored: a sentence, never an error; and how lists of words are joined in each language."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext, pgettext

from juzhi.base.text import listed
from juzhi.web import drawing
from juzhi.web.numbers import measured
from tests.cast import Cast
from tests.web.conftest import Browser

CONTROLS = ("%00", "a%00b", "%01", "%1f", "%7f", "%C2%85", "%E2%80%AE", "%EF%BF%BE")
TOLD = "地址或搜索词里有看不见的控制字符，请删去后再试"


def test_control_characters_in_an_address_are_told_in_words(cast: Cast, browser: Browser) -> None:
    clerk, guest = browser("city_clerk"), browser()
    pages = ("/search/?q=", "/organisations/?q=", "/organisations/list/?q=", "/organisations/choices/?parent=", "/organisations/?open=", "/organisations/list/?sort=", "/?page=", "/hosts/?q=", "/areas/?q=", "/external_bodies/?q=")
    own = ("/members/?q=", "/access/?x=", "/imports/?page=", "/journal/?page=", f"/organisations/{cast.harbour.key}/?as_of=", "/search/?")
    for sign in CONTROLS:
        for client, where in [*((guest, one) for one in pages), *((clerk, one) for one in (*pages, *own))]:
            answer = client.get(where + sign)
            assert (answer.status_code, TOLD in answer.content.decode()) == (400, True), where + sign


def test_control_characters_in_a_path_too(cast: Cast, browser: Browser) -> None:
    for where in ("/organisations/%00/", "/people/%00/", "/access/invitations/%00/", "/figures/%00/", "/%00"):
        assert browser("city_clerk").get(where).status_code == 400, where


def test_what_people_type_is_no_control_character(cast: Cast, browser: Browser) -> None:
    for words in ("港前", "%09港", "a%0Ab", "阿卜杜拉·艾山", "𬱖", "%F0%9F%8F%A0", "%25", "%5C", "%27%22"):
        assert browser().get(f"/search/?q={words}").status_code == 200, words


def test_words_are_joined_as_the_language_joins_them() -> None:
    with translation.override("zh-hans"):
        assert listed(["甲", "乙", 3]) == "甲、乙、3"
    with translation.override("en"):
        assert (listed(["A", "B"]), listed(["A"]), listed([])) == ("A, B", "A", "")


def test_a_chinese_label_stands_and_an_english_one_runs_whole() -> None:
    standing, running = drawing.rings([{"label": "街道", "count": 2}, {"label": "Subdistricts", "count": 3}])
    assert ([letter for letter, _y in standing.letters], standing.word) == (["街", "道"], "")
    assert (running.letters, running.word) == ([], "Subdistricts")


def test_one_thing_has_its_own_measure_word() -> None:
    with translation.override("zh-hans"):
        assert [measured(n, unit) for n, unit in ((1, "个"), (2, "个"), (1, "人"), (1, "批"), (None, "个"), (1, ""))] == ["个", "个", "人", "批", "个", ""]
    with translation.override("en"):
        assert measured(2, gettext("个")) == gettext("个")
        assert measured(1, gettext("个")) == pgettext("一", "个")
        assert measured(1, gettext("人")) == pgettext("一", "人")
