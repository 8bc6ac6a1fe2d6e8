"""`people.disclose`: who saw contacts is told by duty and organisation, to the person and the contact for protection, to nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from juzhi.people import actions, queries
from juzhi.people.models import Disclosure
from tests.cast import SYSTEM, Cast


def disclosed(cast: Cast) -> None:
    for name, place in (("east_clerk", cast.east), ("anna", cast.tower)):
        actions.disclose(by=SYSTEM, persons=[cast.persons[name]], organisation=place, fields=["手机"], way="printed", purpose="签到表")


def test_who_sees_it(cast: Cast) -> None:
    disclosed(cast)
    seen = {name: [one.organisation.name for one in Disclosure.objects.seen_by(cast.by(name)).order_by("pk")] for name in ("protection", "anna", "east_clerk", "city_clerk", "west_clerk", "auditor", "plain")}
    assert seen == {"protection": ["东湖区知联会"], "anna": ["云塔大厦知联会"], "east_clerk": ["东湖区知联会"], "city_clerk": [], "west_clerk": [], "auditor": [], "plain": []}
    assert [one.purpose for one in queries.disclosures(cast.by("anna"), cast.persons["anna"].key)] == ["签到表"]


def test_the_contact_for_protection_reads_it_on_the_person_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    disclosed(cast)
    shown = browser("protection").get(f"/people/{cast.persons['east_clerk'].key}/").content.decode()
    assert ("东湖区知联会 · 会员管理" in shown, "打印了手机" in shown, "签到表" in shown, "查看全部号码" in shown) == (True, True, True, False)
    assert "签到表" not in browser("city_clerk").get(f"/people/{cast.persons['east_clerk'].key}/").content.decode()
