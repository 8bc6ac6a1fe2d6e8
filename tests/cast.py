"""A fixed federation and its people, used by every test. Built through the real verbs; all persons are invented.

    city 云海市知联会
    ├─ east 东湖区知联会 ── harbour 港前街道分会 · tower 云塔大厦知联会
    ├─ west 西山区知联会 ── orchard 果园社区知联会
    └─ closed 旧港区知联会 (dissolved 2023-06-30)
    lone 云塔大厦新联会 (nobody above it)
    wanderer 流动分会: beneath east until 2024, beneath west since
    future 未来分会: beneath east, placed beneath west from a later day
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant, Reach
from juzhi.access.queries import AccountActor
from juzhi.base.actors import System, Visitor
from juzhi.members import actions as members
from juzhi.members.models import Membership
from juzhi.network import actions as network
from juzhi.network.models import Area, Family, Host, Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
SYSTEM = System("tests", NOW)
VISITOR = Visitor(NOW)
PASSWORD = "correct-horse-9"

AREAS = [
    ("97", "云川省"),
    ("9701", "云海市"),
    ("970101", "东湖区"),
    ("970102", "西山区"),
    ("970103", "北岭区"),
    ("970101001", "港前街道"),
    ("970102001", "果园街道"),
]

ORGANISATIONS = [  # name in the cast, Chinese name, level, parent, founded, area, host
    ("city", "云海市知联会", "city", None, date(2013, 5, 20), "9701", None),
    ("east", "东湖区知联会", "district", "city", date(2014, 1, 1), "970101", None),
    ("west", "西山区知联会", "district", "city", date(2015, 8, 1), "970102", None),
    ("closed", "旧港区知联会", "district", "city", date(2016, 1, 1), "970103", None),
    ("harbour", "港前街道分会", "subdistrict", "east", date(2024, 5, 7), "970101001", None),
    ("tower", "云塔大厦知联会", "building", "east", date(2018, 4, 10), "970101", "tower"),
    ("orchard", "果园社区知联会", "community", "west", date(2021, 3, 25), "970102001", None),
    ("wanderer", "流动分会", "park", "east", date(2019, 9, 18), "970102", None),
    ("future", "未来分会", "park", "east", date(2020, 9, 18), "970101", None),
]


@dataclass
class Cast:
    """Everything by its short name."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Organisation:
        try:
            return self.__dict__["organisations"][name]
        except KeyError:
            raise AttributeError(name) from None

    def by(self, name: str) -> AccountActor:
        """The actor of an account, as of now, with nothing remembered."""
        return AccountActor(Account.objects.select_related("person").get(pk=self.accounts[name].pk), NOW)

    def fresh(self, name: str) -> Organisation:
        return Organisation.objects.system("test").get(pk=self.organisations[name].pk)


def build() -> Cast:
    cast = Cast()
    _federation(cast)
    _people(cast)
    _grants(cast)
    return cast


def _federation(cast: Cast) -> None:
    network.load_areas(by=SYSTEM, rows=AREAS)
    cast.areas = {a.code: a for a in Area.objects.system("test")}
    cast.families["知联会"] = network.register_family(by=SYSTEM, name="知联会", full_name="党外知识分子联谊会", glyph="知")
    cast.families["新联会"] = network.register_family(by=SYSTEM, name="新联会", full_name="新的社会阶层人士联谊会", glyph="新", hue="plum")
    cast.hosts["tower"] = network.register_host(by=SYSTEM, name="云塔大厦", host_type="building", area=cast.areas["970101"])
    for short, name, level, parent, founded_on, area, host in ORGANISATIONS:
        cast.organisations[short] = network.found(
            by=SYSTEM,
            name=name,
            family=cast.families["知联会"],
            level=level,
            parent=cast.organisations[parent] if parent else None,
            founded_on=founded_on,
            area=cast.areas[area],
            host=cast.hosts[host] if host else None,
        )
    cast.organisations["lone"] = network.found(
        by=SYSTEM,
        name="云塔大厦新联会",
        family=cast.families["新联会"],
        level="building",
        founded_on=date(2018, 6, 22),
        area=cast.areas["970101"],
        host=cast.hosts["tower"],
    )
    network.dissolve(by=SYSTEM, organisation=cast.closed, dissolved_on=date(2023, 6, 30), reason="区划合并")
    network.move(by=SYSTEM, organisation=cast.wanderer, parent=cast.west, valid_from=date(2024, 1, 1), reason="区划调整")
    network.move(by=SYSTEM, organisation=cast.future, parent=cast.west, valid_from=date(2027, 9, 1), reason="明年改隶")
    cast.organisations = {short: cast.fresh(short) for short in cast.organisations}


MEMBERS = [  # short, name, mobile, organisation, joined
    ("anna", "单飞燕", "19900000001", "tower", date(2019, 3, 1)),
    ("bo", "张伟", "19900000002", "tower", date(2020, 11, 1)),
    ("bo2", "张伟", "19900000003", "harbour", date(2024, 6, 1)),
    ("chen", "尉迟喆", "19900000004", "orchard", date(2022, 2, 1)),
    ("dili", "迪力夏提·艾合买提", "19900000005", "wanderer", date(2021, 9, 1)),
    ("east_clerk", "曾琪", "19900000006", "east", date(2016, 1, 1)),
    ("west_clerk", "解䶮", "19900000007", "west", date(2016, 1, 1)),
    ("city_clerk", "翟春", "19900000008", "city", date(2014, 1, 1)),
    ("shared", "区同", "19900000009", "orchard", date(2023, 1, 1)),
]
STAFF = ("auditor", "statistician", "protection", "publisher", "operator", "expired", "disabled", "double", "plain")


def _people(cast: Cast) -> None:
    for short, name, mobile, organisation, joined_on in MEMBERS:
        person = people.enter(by=SYSTEM, name=name, mobiles=[mobile], email=f"{short}@example.org", unit="云海示例公司", duty="职员")
        cast.persons[short] = person
        cast.memberships[short] = members.admit(
            by=SYSTEM, person=person, organisation=cast.organisations[organisation], joined_on=joined_on, number=f"N-{short}"
        )
    cast.memberships["shared_lone"] = members.admit(
        by=SYSTEM, person=cast.persons["shared"], organisation=cast.lone, joined_on=date(2023, 5, 1), number="N-lone"
    )
    for short in STAFF:
        cast.persons[short] = people.enter(by=SYSTEM, name=f"{short}某", mobiles=[], email="")
    for short, person in cast.persons.items():
        cast.accounts[short] = access.open_account(by=SYSTEM, person=person, login=short)


GRANTS = [  # account, duty, organisation, reach, purpose
    ("city_clerk", "secretary", "city", Reach.SUBTREE, "管理全市组织"),
    ("city_clerk", "member_clerk", "city", Reach.SUBTREE, "全市换届核对名册"),
    ("city_clerk", "statistician", "city", Reach.SUBTREE, ""),
    ("city_clerk", "auditor", "city", Reach.SUBTREE, ""),
    ("east_clerk", "secretary", "east", Reach.SUBTREE, ""),
    ("east_clerk", "member_clerk", "east", Reach.SUBTREE, "全区换届核对名册"),
    ("east_clerk", "statistician", "east", Reach.SUBTREE, ""),
    ("west_clerk", "secretary", "west", Reach.SUBTREE, ""),
    ("west_clerk", "member_clerk", "west", Reach.OWN, ""),
    ("auditor", "auditor", "east", Reach.SUBTREE, ""),
    ("statistician", "statistician", "east", Reach.SUBTREE, ""),
    ("protection", "protection_contact", "east", Reach.OWN, ""),
    ("publisher", "publisher", "east", Reach.SUBTREE, ""),
    ("operator", "operator", "city", Reach.SUBTREE, ""),
    ("expired", "member_clerk", "east", Reach.SUBTREE, "去年的换届"),
    ("disabled", "member_clerk", "east", Reach.SUBTREE, "已离任"),
    ("double", "member_clerk", "harbour", Reach.OWN, ""),
    ("double", "statistician", "orchard", Reach.OWN, ""),
]


def _grants(cast: Cast) -> None:
    for account, duty, organisation, reach, purpose in GRANTS:
        cast.grants[f"{account}:{duty}"] = access.grant(
            by=SYSTEM,
            account=cast.accounts[account],
            duty=duty,
            organisation=cast.organisations[organisation],
            reach=reach,
            purpose=purpose,
            valid_from=date(2025, 1, 1),
            valid_to=date(2026, 1, 1) if account == "expired" else None,
        )
    access.disable_account(by=SYSTEM, account=cast.accounts["disabled"], reason="离任")
