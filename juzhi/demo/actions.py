"""The demonstration: built through the real verbs from real files, and taken back again."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.core.files import File
from django.db.models import ProtectedError

from juzhi.access import actions as access
from juzhi.access.models import Account, Grant, Invitation, Reach
from juzhi.base.access import AUDITOR, MEMBER_CLERK, OPERATOR, SECRETARY, STATISTICIAN
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.demo import queries
from juzhi.imports import actions as imports
from juzhi.imports import tasks
from juzhi.imports.models import Batch
from juzhi.journal.actions import record
from juzhi.network import actions as network
from juzhi.network.models import Organisation
from juzhi.people import actions as people
from juzhi.people.models import Person

FILES = Path(__file__).parent / "files"
EXAMPLE = "demo"  # what example records carry
CITY, DISTRICT, BUILDING = "深圳市知联会", "南山区知联会", "达实大厦知联会"
# login, name, organisation, duties with their reach, purpose
STAFF = (
    ("city", "江明远", CITY, ((SECRETARY, Reach.SUBTREE), (STATISTICIAN, Reach.SUBTREE), (AUDITOR, Reach.SUBTREE), (MEMBER_CLERK, Reach.SUBTREE)), "演示：市级换届核对名册"),
    ("district", "何晓岚", DISTRICT, ((SECRETARY, Reach.SUBTREE), (MEMBER_CLERK, Reach.SUBTREE), (STATISTICIAN, Reach.SUBTREE)), "演示：全区换届核对名册"),
    ("operator", "苏维", CITY, ((OPERATOR, Reach.SUBTREE),), "演示：系统运维"),
)
MEMBER = ("member", BUILDING)


@dataclass
class Removed:
    """What the removal took back and what real records hold on to."""

    batches: int = 0
    accounts: int = 0
    persons: int = 0
    kept: list[str] = field(default_factory=list)


def build(*, by: Actor) -> None:
    """Fill an empty database from the files beside this module. Refuses a database that holds organisations.

    Divisions first, then the two lists through the importers, then accounts. Each step is a whole transaction; a second try goes on after `remove`.
    """
    if not queries.is_empty():
        raise Refused("数据库里已经有组织，演示数据只能装进空库。要去掉已装的演示数据，请用 juzhi demo --remove", code="state")
    with (FILES / "areas.csv").open(encoding="utf-8", newline="") as file:
        network.load_areas(by=by, rows=[(row["code"], row["name"]) for row in csv.DictReader(file)])
    _bring(by, "orgs", "知联会组织名单.csv", None)
    _bring(by, "roster", "达实大厦知联会会员花名册.xlsx", queries.organisation_named(BUILDING))
    open_staff(by=by)


def _bring(by: Actor, kind: str, name: str, place: Organisation | None) -> Batch:
    with (FILES / name).open("rb") as file:
        batch = imports.upload(by=by, file=File(file, name=name), kind=kind, organisation_id=place.pk if place else None, example=EXAMPLE)
    return imports.commit(by=by, batch=tasks.read_now(by, batch))


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
    """Take the demonstration back: accounts first, then its batches, newest first. What real records hold on to stays and is named."""
    if not by.is_system:
        raise Refused("只有运维命令可以去掉演示数据")
    removed = Removed()
    for account in queries.example_accounts():
        _remove_account(account, removed)
    for batch in queries.batches():
        batch.committed_at = by.at - timedelta(seconds=1)
        batch.save(update_fields=["committed_at"])  # the demonstration may be taken back after thirty days too
        done = imports.undo(by=by, batch=batch, reason="去掉演示数据")
        removed.batches += 1
        removed.kept += [f"{row.row}：{row.kept}" for row in queries.kept_rows(done)]
    for person in Person.objects.system("demonstration").filter(example=EXAMPLE, memberships=None):
        try:
            person.delete()
            removed.persons += 1
        except ProtectedError:
            removed.kept.append(f"{person.name}：别的记录还要用到")
    record(by=by, verb="demo.remove", thing=Batch(), changes={"counts": (None, {"batches": removed.batches, "kept": len(removed.kept)})})
    return removed


def _remove_account(account: Account, removed: Removed) -> None:
    Grant.objects.system("demonstration").filter(account=account, source=EXAMPLE).delete()
    Invitation.objects.system("demonstration").filter(person=account.person).delete()
    try:
        account.delete()
        removed.accounts += 1
    except ProtectedError:
        removed.kept.append(f"{account.login}：账号已有别的授权")
