"""`demo.build`: fills an empty database through the real verbs, with invented people, and refuses any other."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from juzhi.access.models import Grant
from juzhi.access.queries import invitation
from juzhi.base.errors import Refused
from juzhi.demo import actions, queries
from juzhi.imports.models import Batch
from juzhi.network.models import ExternalBody, GuidanceLink, Organisation
from juzhi.people.models import Contact, Person
from tests.demo.conftest import system

pytestmark = pytest.mark.usefixtures("demonstration")


def test_it_refuses_a_database_that_holds_organisations() -> None:
    with pytest.raises(Refused) as refused:
        actions.build(by=system())
    assert (refused.value.code, "juzhi demo --remove" in refused.value.message) == ("state", True)
    errors = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("demo", stderr=errors)
    assert (left.value.code, "只能装进空库" in errors.getvalue()) == (2, True)


def test_everything_is_marked_as_an_example() -> None:
    assert set(Organisation.objects.system("test").values_list("example", flat=True)) == {"demo"}
    assert set(Person.objects.system("test").values_list("example", flat=True)) == {"demo"}
    assert list(Batch.objects.system("test").order_by("pk").values_list("kind", "example")) == [("orgs", "demo"), ("roster", "demo"), ("batch", "demo")]


def test_mobiles_and_addresses_are_invented() -> None:
    for contact in Contact.objects.system("test"):
        assert contact.value.startswith("199000") or contact.value.endswith("example.org"), contact.value


def test_the_badge_is_on_every_page() -> None:
    assert queries.has_examples()
    for address in ("/account/login/", "/access/invitations/x/"):
        assert "pill--demo" in Client().get(address).content.decode()


def test_accounts_have_their_duties_and_no_password() -> None:
    found = Grant.objects.system("test").order_by("account__login", "duty").values_list("account__login", "duty", "organisation__name", "reach")
    assert list(found) == [
        ("city", "auditor", "深圳市知联会", "subtree"),
        ("city", "member_clerk", "深圳市知联会", "subtree"),
        ("city", "publisher", "深圳市知联会", "subtree"),
        ("city", "secretary", "深圳市知联会", "subtree"),
        ("city", "statistician", "深圳市知联会", "subtree"),
        ("district", "member_clerk", "南山区知联会", "subtree"),
        ("district", "secretary", "南山区知联会", "subtree"),
        ("district", "statistician", "南山区知联会", "subtree"),
        ("operator", "operator", "深圳市知联会", "subtree"),
    ]
    assert [account.has_usable_password() for account in queries.example_accounts()] == [False] * 4


def test_each_link_lets_one_in_once() -> None:
    made = actions.links(by=system())
    assert [(who, login) for who, login, _secret in made] == [("市级秘书", "city"), ("区级会员管理", "district"), ("会员", "member"), ("运维", "operator")]
    for _who, _login, secret in made:
        browser = Client()
        assert invitation(secret, timezone.now()) is not None
        assert browser.post(f"/access/invitations/{secret}/", {"password": ""})["Location"] == "/workbench/"
        assert browser.get("/access/").status_code == 200
        assert Client().get(f"/access/invitations/{secret}/").status_code == 404


def test_links_are_printed_with_the_address() -> None:
    out = StringIO()
    call_command("demo", links="http://127.0.0.1:8000/", stdout=out)
    assert [line.partition("http")[0].strip() for line in out.getvalue().splitlines()] == ["市级秘书（city）", "区级会员管理（district）", "会员（member）", "运维（operator）"]
    assert out.getvalue().count("http://127.0.0.1:8000/access/invitations/") == 4


def test_two_authorities_guide_the_building_and_a_neighbour_is_a_name() -> None:
    guided = GuidanceLink.objects.system("test").order_by("pk").values_list("organisation__name", "authority__name", "authority__level")
    assert list(guided) == [
        ("达实大厦知联会", "深圳市社团指导办公室（示例）", "市级"),
        ("达实大厦知联会", "南山区社团指导办公室（示例）", "区级"),
    ]
    neighbour = ExternalBody.objects.system("test").get(host__isnull=False)
    assert (neighbour.name, neighbour.host.name if neighbour.host else "") == ("达实大厦园区企业联谊会（示例）", "达实大厦")
