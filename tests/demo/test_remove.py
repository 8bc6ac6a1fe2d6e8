"""`demo.remove`: takes the demonstration back, and says what real records hold on to."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant
from juzhi.base.errors import Forbidden
from juzhi.demo import actions, queries
from juzhi.figures.queries import evaluate
from juzhi.figures.queries.evaluation import Node
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import ExternalBody, GuidanceLink, Host, Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person
from tests.cast import SYSTEM, VISITOR
from tests.demo.conftest import system

pytestmark = pytest.mark.usefixtures("demonstration")


def left() -> dict[str, int]:
    tables = (Organisation, Membership, Person, Host, Grant, ExternalBody, GuidanceLink)
    return {model.__name__: model.objects.system("test").count() for model in tables} | {"Account": Account.objects.count()}


def test_nothing_is_left_but_registers_and_the_database_is_empty_again() -> None:
    removed = actions.remove(by=system())
    assert (removed.batches, removed.accounts, removed.kept) == (3, 4, [])
    assert left() == dict.fromkeys(left(), 0)
    assert queries.is_empty() and not queries.has_examples()


def test_it_can_be_built_again() -> None:
    actions.remove(by=system())
    actions.build(by=system())
    city = Organisation.objects.system("test").get(name="深圳市知联会")
    assert evaluate(VISITOR, ORGANISATIONS, Node("organisation", city), date(2024, 5, 31)).value == 52
    assert ExternalBody.objects.system("test").count() == 3


def test_twice_finds_nothing() -> None:
    actions.remove(by=system())
    again = actions.remove(by=system())
    assert (again.batches, again.accounts, again.persons, again.kept) == (0, 0, 0, [])


def test_only_the_product_itself_removes() -> None:
    before = left()
    with pytest.raises(Forbidden):
        actions.remove(by=VISITOR)
    assert left() == before


def test_what_real_records_hold_on_to_stays_and_is_named() -> None:
    """A real branch beneath a district, a real member of the building, a real clerk of a park, an account that serves a real body."""
    by_name = {body.name: body for body in Organisation.objects.system("test")}
    district, building, park = by_name["福田区知联会"], by_name["达实大厦知联会"], by_name["龙岗区知联会云岭园区分会"]
    branch = network.found(by=SYSTEM, name="真的分会", family=district.family, level="community", parent=district)
    member = people.enter(by=SYSTEM, name="真人某", mobiles=[], email="")
    members.admit(by=SYSTEM, person=member, organisation=building)
    clerk = access.open_account(by=SYSTEM, person=member, login="zhenren")
    access.grant(by=SYSTEM, account=clerk, duty="member_clerk", organisation=park)
    access.grant(by=SYSTEM, account=Account.objects.get(login="district"), duty="secretary", organisation=branch)
    out = StringIO()
    call_command("demo", remove=True, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("已撤销 3 批，删除账号 3 个")
    assert sorted(lines[1:]) == sorted([
        "保留：district：账号已有别的授权，已停用",
        "保留：何晓岚：别的记录还要用到",
        "保留：南山区知联会：它还有下级组织",
        "保留：深圳市知联会：它还有下级组织",
        "保留：福田区知联会：它还有下级组织",
        "保留：达实大厦知联会：它已经有会员",
        "保留：龙岗区知联会：它还有下级组织",
        "保留：龙岗区知联会云岭园区分会：它已经有人负责",
    ])
    assert not Account.objects.get(login="district").is_active
    assert sorted(Organisation.objects.system("test").values_list("name", flat=True)) == sorted(
        ["深圳市知联会", "南山区知联会", "福田区知联会", "达实大厦知联会", "龙岗区知联会", "龙岗区知联会云岭园区分会", "真的分会"]
    )
    assert list(Membership.objects.system("test").values_list("person__name", flat=True)) == ["真人某"]
    assert queries.has_examples()


def test_what_is_changed_since_stays() -> None:
    body = Organisation.objects.system("test").get(name="达实大厦新联会")
    network.correct(by=SYSTEM, organisation=body, purpose="联谊", reason="补充")
    removed = actions.remove(by=system())
    assert removed.kept == ["达实大厦新联会：导入之后有人改过"]


def test_an_authority_that_guides_a_real_body_stays() -> None:
    family = Organisation.objects.system("test").get(name="深圳市知联会").family
    real = network.found(by=SYSTEM, name="真的会", family=family, level="city")
    authority = ExternalBody.objects.system("test").get(name__startswith="深圳市社团指导办公室")
    network.guide(by=SYSTEM, organisation=real, authority=authority)
    assert actions.remove(by=system()).kept == ["深圳市社团指导办公室（示例）：别的组织由它指导"]
