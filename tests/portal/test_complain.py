"""Write into the box: signed or not, with a limit, and nothing that names who did not sign."""

from __future__ import annotations

import pytest

from juzhi.base.actors import Visitor
from juzhi.base.errors import Refused
from juzhi.journal.models import Entry
from juzhi.portal.actions import complain
from juzhi.portal.models import Complaint
from juzhi.portal.queries import own_complaints
from tests.cast import NOW, VISITOR, Cast
from tests.portal.conftest import Browser

MIDNIGHT = "2026-11-23T16:00:00+00:00"


def rows() -> list[tuple[str, ...]]:
    found = Complaint.objects.system("test").order_by("pk")
    return [(one.text, one.page, one.reply_to, one.actor_key, one.made_at.isoformat()) for one in found]


def entries() -> list[tuple[str, str]]:
    return list(Entry.objects.system("test").filter(verb__startswith="portal.").order_by("pk").values_list("verb", "actor_key"))


def test_unsigned_keeps_the_day_and_nobody(cast: Cast) -> None:
    complain(by=cast.by("anna"), text=" 数字不对\n请看 ", page="/figures/?as_of=2024", reply_to="19900000001", address="192.0.2.7")
    assert rows() == [("数字不对\n请看", "/figures/?as_of=2024", "19900000001", "", MIDNIGHT)]
    assert entries() == [("portal.complain", "")]


def test_signed_is_shown_to_its_writer_alone(cast: Cast) -> None:
    complain(by=cast.by("anna"), text="请改", signed=True)
    assert rows() == [("请改", "", "", cast.accounts["anna"].key, NOW.isoformat())]
    assert entries() == [("portal.complain", cast.accounts["anna"].key)]
    assert [one.text for one in own_complaints(cast.by("anna"))] == ["请改"]
    assert (list(own_complaints(cast.by("bo"))), list(own_complaints(VISITOR))) == ([], [])


def test_a_visitor_cannot_sign(cast: Cast) -> None:
    complain(by=VISITOR, text="请改", signed=True)
    assert rows() == [("请改", "", "", "", MIDNIGHT)]


@pytest.mark.parametrize("text", ["", "   \n ", "长" * 2001, "a\x00b", "a\u202eb"])
def test_refuses_text_that_cannot_be_kept(cast: Cast, text: str) -> None:
    with pytest.raises(Refused) as refused:
        complain(by=VISITOR, text=text)
    assert (refused.value.field, rows()) == ("text", [])


@pytest.mark.parametrize("page", ["https://elsewhere.example.org/", "//elsewhere.example.org/x", "javascript:alert(1)", "/\\elsewhere.example.org", "mine/", "/a\nb", "/" + "a" * 300])
def test_only_a_path_of_this_site_is_kept(cast: Cast, page: str) -> None:
    assert complain(by=VISITOR, text="看这里", page=page).page == ""


def test_the_sixth_of_one_writer_on_one_day_is_refused(cast: Cast) -> None:
    for number in range(5):
        complain(by=VISITOR, text=f"第 {number} 条", address="192.0.2.7")
        complain(by=cast.by("bo"), text=f"第 {number} 条", address="192.0.2.7")
    for by in (VISITOR, cast.by("bo")):
        with pytest.raises(Refused) as refused:
            complain(by=by, text="又一条", address="192.0.2.7")
        assert (refused.value.code, refused.value.message) == ("limit", "今天已收到您的 5 条，都在处理。请明天再写。")
    complain(by=VISITOR, text="别处来的", address="192.0.2.8")
    complain(by=Visitor(NOW.replace(day=25)), text="第二天", address="192.0.2.7")
    assert len(rows()) == 12


def test_the_page_posts_once_and_thanks(cast: Cast, browser: Browser) -> None:
    client = browser("anna")
    body = {"text": "请改", "page": "/mine/", "form_key": "one", "signed": "on"}
    first, second = client.post("/complaints/", body), client.post("/complaints/", body)
    assert [(response.status_code, response["Location"]) for response in (first, second)] == [(303, "/complaints/")] * 2
    assert [row[:3] for row in rows()] == [("请改", "/mine/", "")]
    text = client.get("/complaints/").content.decode()
    assert "收到了，谢谢。" in text and "我署名写过的" in text and "待答复" in text


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast, browser: Browser) -> None:
    response = browser().post("/complaints/", {"text": "", "reply_to": "还在"})
    assert (response.status_code, "请写几句：哪里不对，或希望怎么改" in response.content.decode(), 'value="还在"' in response.content.decode()) == (422, True, True)


def test_the_page_it_is_about_is_filled_in_only_from_this_site(cast: Cast, browser: Browser) -> None:
    assert 'value="/figures/"' in browser().get("/complaints/?page=/figures/").content.decode()
    assert "elsewhere" not in browser().get("/complaints/?page=//elsewhere.example.org/").content.decode().split("<main")[1].split("</main")[0]


def test_who_asks_about_their_own_record_signs_unless_they_untick(cast: Cast, browser: Browser) -> None:
    def ticked(page: str) -> bool:
        return 'name="signed" id="id_signed" checked' in browser("anna").get(f"/complaints/?page={page}").content.decode()

    assert (ticked("/mine/"), ticked("/figures/"), ticked("")) == (True, False, False)
    assert 'name="signed"' not in browser().get("/complaints/?page=/mine/").content.decode()
