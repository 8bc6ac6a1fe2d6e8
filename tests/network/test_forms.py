"""Forms of the verbs: sent as a browser does, with and without JavaScript, twice, and by two editors at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from juzhi.network import queries
from juzhi.network.models import ExternalBody, Host, Organisation
from tests.cast import TODAY, VISITOR, Cast
from tests.network.test_pages import words

SignIn = Callable[[str], Client]


def opened(client: Client, address: str) -> dict[str, str]:
    """What the form holds when it is opened."""
    text = client.get(address).content.decode().split('class="form"')[1]
    held = {}
    for tag in re.findall(r"<input [^>]*>", text):
        held[re.search(r'name="([^"]*)"', tag).group(1)] = (re.search(r'value="([^"]*)"', tag) or [None, ""])[1]
    for name, inner in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', text, re.S):
        held[name] = (re.search(r'value="([^"]*)" selected', inner) or re.search(r'value="([^"]*)"', inner))[1]
    for name, inner in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S):
        held[name] = inner.strip()
    held.pop("csrfmiddlewaretoken", None)
    return held


def send(client: Client, cast: Cast, verb: str, short: str, **typed: str) -> Any:
    address = reverse(f"network:{verb}", args=[cast.organisations[short].key])
    return client.post(address, {**opened(client, address), **typed})


def test_each_verb_by_its_form(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("city_clerk")
    deeds = [
        ("correct", "harbour", {"remark": "核对", "reason": "更正"}),
        ("rename", "harbour", {"name": "港湾街道分会", "valid_from": "2025-03-01", "reason": "改名"}),
        ("move", "harbour", {"parent": "西山区知联会", "valid_from": "2025-03-01", "reason": "改隶"}),
        ("relocate", "harbour", {"area": "970102", "valid_from": "2025-03-01", "reason": "搬家"}),
        ("guide", "harbour", {"authority": "街道办"}),
        ("add_contact", "harbour", {"name": "柏灵", "mobile": "19900000061"}),
        ("dissolve", "harbour", {"dissolved_on": "2026-01", "reason": "撤并"}),
        ("reopen", "harbour", {"reason": "登记错了"}),
        ("dissolve", "harbour", {"dissolved_on": "2026-01", "reason": "撤并"}),
    ]
    for verb, short, typed in deeds:
        response = send(client, cast, verb, short, **typed)
        assert (response.status_code, response.headers.get("Location")) == (303, f"/organisations/{cast.harbour.key}/"), (verb, words(response)[:600])
    found = cast.fresh("harbour")
    assert (found.name, found.remark, found.dissolved_on, found.dissolved_precision, found.version) == ("港湾街道分会", "核对", date(2026, 1, 1), "month", 8)
    assert str(queries.edges(VISITOR, found, TODAY).seat.area) == "西山区"


def test_found_by_its_form_in_a_shared_founding(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("east_clerk")
    response = send(client, cast, "register_founding", "east", title="首批成立大会", on="2024-05", batch="1")
    assert response.status_code == 303
    address = response.headers["Location"]
    held = opened(client, address)
    response = client.post(address, {**held, "name": "北岭分会", "level": "park", "sector": "", "host": "云塔大厦", "area": "970101"})
    assert response.status_code == 303, words(response)
    made = Organisation.objects.system("test").select_related("founding").get(name="北岭分会")
    assert (made.founding.title, made.founded_on, made.founded_precision, made.founding_batch) == ("首批成立大会", date(2024, 5, 1), "month", 1)


def test_a_parent_founded_later_is_warned_of_on_found_and_move(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("city_clerk")
    response = send(client, cast, "found", "harbour", name="老分会", level="park", founded_on="2015")
    assert "注意：上级的成立时间晚于它" in words(client.get(response.headers["Location"]))
    response = send(client, cast, "move", "tower", parent="港前街道分会", valid_from="2025-01-01", reason="改隶")
    assert "注意：上级的成立时间晚于它" in words(client.get(response.headers["Location"]))
    response = send(client, cast, "move", "tower", parent="东湖区知联会", valid_from="2026-01-01", reason="改隶")
    assert "注意" not in words(client.get(response.headers["Location"]))


def test_the_same_form_sent_twice_does_it_once(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("east_clerk")
    address = reverse("network:found", args=[cast.east.key])
    typed = {**opened(client, address), "name": "北岭分会", "level": "park"}
    first, second = client.post(address, typed), client.post(address, typed)
    assert (first.status_code, second.status_code, first.headers["Location"]) == (303, 303, second.headers["Location"])
    assert Organisation.objects.system("test").filter(name="北岭分会").count() == 1
    assert client.post(address, {**typed, "name": "南岭分会"}).status_code == 409


def told(response: Any) -> list[tuple[str, ...]]:
    """Rows of the table that sets two editors side by side, the differing ones."""
    rows = re.findall(r'<tr class="chg"><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', response.content.decode())
    return rows


def test_two_editors_at_once_are_told_field_by_field(cast: Cast, signed_in: SignIn) -> None:
    one, two = signed_in("city_clerk"), signed_in("east_clerk")
    address = reverse("network:correct", args=[cast.harbour.key])
    first, second = opened(one, address), opened(two, address)
    assert one.post(address, {**first, "level": "park", "remark": "甲", "reason": "更正"}).status_code == 303
    response = two.post(address, {**second, "level": "community", "remark": "乙", "reason": "更正"})
    assert response.status_code == 422
    assert told(response) == [("层级", "社区", "园区"), ("备注", "乙", "甲")]
    assert (cast.fresh("harbour").level, cast.fresh("harbour").remark) == ("park", "甲")
    again = {**second, "level": "community", "remark": "乙", "reason": "更正", "version": re.search(r'name="version" value="(\d+)"', response.content.decode()).group(1)}
    assert two.post(address, again).status_code == 303
    assert (cast.fresh("harbour").level, cast.fresh("harbour").remark, cast.fresh("harbour").version) == ("community", "乙", 3)


def test_two_editors_of_name_and_place(cast: Cast, signed_in: SignIn) -> None:
    one, two = signed_in("city_clerk"), signed_in("city_clerk")
    for verb, short, ours, theirs, rows in [
        ("rename", "harbour", {"name": "港湾分会"}, {"name": "海港分会"}, [("名称", "海港分会", "港湾分会")]),
        ("move", "tower", {"parent": "西山区知联会"}, {"parent": "云海市知联会"}, [("上级组织", "云海市知联会", "西山区知联会")]),
        ("relocate", "orchard", {"area": "970101"}, {"area": "970103"}, [("所在区划", "北岭区", "东湖区")]),
    ]:
        address = reverse(f"network:{verb}", args=[cast.organisations[short].key])
        first, second = opened(one, address), opened(two, address)
        more = {"valid_from": "2025-01-01", "reason": "改"}
        assert one.post(address, {**first, **more, **ours}).status_code == 303
        response = two.post(address, {**second, **more, **theirs})
        assert (response.status_code, told(response)) == (422, rows)
        assert f'value="{next(iter(theirs.values()))}"' in response.content.decode(), "what was typed stays"


def test_wrong_input_is_told_beside_its_field(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("city_clerk")
    for verb, typed, said in [
        ("move", {"parent": "没有这个", "valid_from": "2025-01-01", "reason": "改"}, "没有叫「没有这个」的组织，请从列出的里面选"),
        ("move", {"parent": "西山区知联会", "valid_from": "2025-02-30", "reason": "改"}, "2025年2月没有 30 日，请改正日期"),
        ("move", {"parent": "西山区知联会", "valid_from": "2025", "reason": "改"}, "请写到日，例如 2026-09-05"),
        ("relocate", {"area": "不存在区", "valid_from": "2025-01-01", "reason": "改"}, "没有叫「不存在区」的，或者不止一个"),
        ("dissolve", {"dissolved_on": "不详", "reason": "改"}, "请写出终止时间，至少写到年"),
        ("dissolve", {"dissolved_on": "2020", "reason": "改"}, "终止时间早于成立时间"),
        ("found", {"name": "x" * 999, "level": "park"}, "「组织名称」太长：有 999 个字，最多 120 个字"),
        ("found", {"name": "新分会", "level": "park", "founded_on": "2035"}, "成立时间在一年以后，请核对"),
        ("found", {"name": "新分会", "level": "park", "founding": "nosuchkey123"}, "nosuchkey123"),
        ("correct", {"reason": "改"}, "没有任何改动"),
        ("rename", {"name": "新", "valid_from": "2025-01-01", "reason": " "}, "理由"),
    ]:
        response = send(client, cast, verb, "harbour", **typed)
        assert (response.status_code, said in words(response)) == (422, True), (verb, said, words(response)[-700:])


def test_a_founding_day_can_be_taken_out(cast: Cast, signed_in: SignIn) -> None:
    assert send(signed_in("city_clerk"), cast, "correct", "harbour", founded_on="", reason="无据可查").status_code == 303
    found = cast.fresh("harbour")
    assert (found.founded_precision, queries.founded_text(found), found.founded_on >= TODAY) == ("unknown", "", True)


def test_a_form_without_its_version_is_not_taken(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("city_clerk")
    address = reverse("network:rename", args=[cast.harbour.key])
    held = {key: value for key, value in opened(client, address).items() if key != "version"}
    response = client.post(address, {**held, "name": "港湾分会", "valid_from": "2025-01-01", "reason": "改"})
    assert (response.status_code, "表单不完整，请刷新页面后再填" in words(response)) == (422, True)


def test_hosts_and_outside_bodies_are_registered(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("west_clerk")
    address = reverse("network:register_host")
    response = client.post(address, {**opened(client, address), "name": "云港医院", "host_type": "public_hospital", "area": "西山区", "owner": "云港医疗集团"})
    host = Host.objects.system("test").select_related("owner").get(name="云港医院")
    assert (response.status_code, response.headers["Location"], host.owner.name) == (303, f"/hosts/{host.key}/", "云港医疗集团")
    assert "云港医疗集团" in words(Client().get(response.headers["Location"]))
    address = reverse("network:register_external_body")
    response = client.post(address, {**opened(client, address), "name": "商户联盟", "host": "云港医院", "founded_on": "2020"})
    body = ExternalBody.objects.system("test").get(name="商户联盟")
    assert (response.status_code, body.host, body.founded_on, body.founded_precision) == (303, host, date(2020, 1, 1), "year")
    for name in ("register_host", "register_external_body"):
        assert [signed_in(who).get(reverse(f"network:{name}")).status_code for who in ("operator", "auditor", "plain")] == [200, 404, 404]
        assert Client().get(reverse(f"network:{name}")).status_code == 302


def test_a_new_body_has_the_family_of_its_parent_and_no_level_before_one_is_chosen(cast: Cast, signed_in: SignIn) -> None:
    """层级 stood at 市级, the first of the list, for whoever overlooked it."""
    client = signed_in("city_clerk")
    address = reverse("network:found", args=[cast.east.key])
    held = opened(client, address)
    assert (held["family"], held["level"]) == (cast.east.family.key, "")
    answer = client.post(address, {**held, "name": "忘了层级联谊会"})
    assert answer.status_code == 422
    assert not Organisation.objects.system("test").filter(names__text="忘了层级联谊会").exists()
