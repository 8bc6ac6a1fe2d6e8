"""Grant and revoke duties, take over what the last holder left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from juzhi.access import queries, rules
from juzhi.access.models import CARED_FOR, DUTY_LABELS, TAKEOVER, Account, Grant, Reach
from juzhi.base.access import DUTIES, READS_PERSONS
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.journal.models import Entry
from juzhi.network.models import Organisation, Placement


@action
def grant(
    *,
    by: Actor,
    account: Account,
    duty: str,
    organisation: Organisation,
    reach: str = Reach.OWN,
    purpose: str = "", source: str = "",
    valid_from: date | None = None, valid_to: date | None = None,
) -> Grant:
    """Give a duty at an organisation from `valid_from` (today) until before `valid_to` (None = open). A superior's care ends when it begins.

    Refuses more than the giver has (duty, organisation, reach or time), a giver's own account, a subtree without a purpose in words, a day in
    the past, a period that ends before it starts, a disabled account, and a grant that is there already for some of these days. To try for more than one has
    stays in the journal (`note_attempt`).
    """
    if duty not in DUTIES:
        raise Refused(_("没有这个职责"), field="duty")
    if reach not in Reach.values:
        raise Refused(_("没有这个范围"), field="reach")
    tried: dict[str, Any] = {"by": by, "account": account, "duty": duty, "organisation": organisation, "reach": reach}
    disabled_at = Account.objects.select_for_update().values_list("disabled_at", flat=True).get(pk=account.pk)
    lock([organisation.pk])
    if not rules.may_grant(by, account, duty, organisation, reach) and not rules.may_bootstrap(by, account, organisation, duty):
        raise Forbidden(_("不能授予自己没有的权限，不能授到自己范围之外，也不能授给自己"), trace=partial(note_attempt, **tried))
    purpose = clean_text(purpose, field="purpose", label=_("用途"), limit=200)
    if rules.is_far(reach) and duty in READS_PERSONS and not purpose:
        raise Refused(_("「含下级」会看到下级的个人信息，请写明用途"), field="purpose")
    valid_from = valid_from or by.today
    _check_period(tried, valid_from, valid_to)
    if disabled_at is not None:
        raise Refused(_("这个账号已停用"), field="account", code="state")
    same = Grant.objects.system("twice").filter(account=account, duty=duty, organisation=organisation, reach=reach)
    if same.exclude(source=TAKEOVER).filter(queries.overlapping(valid_from, valid_to)).exists():
        raise Refused(_("这项授权已经有了"), code="conflict")
    made = Grant.objects.create(
        account=account,
        duty=duty,
        organisation=organisation,
        reach=reach,
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=by.key[:60],
        source=source,
    )
    _record_grant(by, "access.grant", made, {"duty": (None, duty), "reach": (None, reach)}, purpose)
    cared = Grant.objects.system("end the care").filter(organisation=organisation, duty=duty, source=TAKEOVER, valid_to__isnull=True)
    end_grants(by, cared, valid_from, "已有新的负责人，代管结束")
    return made


@action
def note_attempt(*, by: Actor, duty: str, organisation: Organisation, reach: str, account: Account | None = None, valid_to: date | None = None) -> Entry:
    """Write into the journal of the organisation that somebody tried to give what they may not (more than they have, out of their reach, to
    themselves): a verb of its own, after the refused one was rolled back. Read there by auditor and protection contact.

    Refuses a visitor and the product itself: they grant nothing that could be refused.
    """
    if by.is_system or not by.key:
        raise Forbidden()
    refused = Grant(duty=duty if duty in DUTIES else "", reach=reach if reach in Reach.values else "", organisation=organisation)
    until = valid_to.isoformat() if valid_to else None
    changes = {"account": (None, account), "duty": ("", refused.duty), "reach": ("", refused.reach), "valid_to": (None, until)}
    return record(by=by, verb="access.note_attempt", thing=refused, organisation_id=organisation.pk, changes=changes)


def _check_period(tried: dict[str, Any], valid_from: date, valid_to: date | None) -> None:
    """Refuses days that cannot be; to give a duty for longer than one has it leaves a trace."""
    by: Actor = tried["by"]
    if valid_from < by.today and not by.is_system:
        raise Refused(_("开始日期不能早于今天"), field="valid_from")
    if valid_to is not None and valid_to <= valid_from:
        raise Refused(_("结束日期要晚于开始日期"), field="valid_to")
    until = rules.may_grant_until(by, tried["duty"], tried["organisation"], tried["reach"])
    if until is not None and (valid_to is None or valid_to > until):
        refused = Refused(_("您自己的授权到 %(day)s 为止，请填不晚于这一天的日期") % {"day": until - timedelta(days=1)}, field="valid_to")
        refused.trace = partial(note_attempt, valid_to=valid_to, **tried)
        raise refused


@action
def revoke(*, by: Actor, grant: Grant, reason: str, version: int | None = None) -> Grant:
    """Take a duty back as of today. When its last holder goes, the nearest superior takes over, visibly.

    Refuses without right, without a reason, what has ended already, and a superior's care, which ends by itself when somebody is granted the duty.
    """
    found = Grant.objects.system("what is to end").select_related("account").get(pk=grant.pk)
    if not rules.may_revoke(by, found):
        raise Forbidden()
    reason = clean_text(reason, field="reason", label=_("原因"), limit=200)
    if not reason:
        raise Refused(_("请写明为什么撤销，会记入变更记录"), field="reason")
    cared = queries.cares_of(found.account, by.today).filter(duty=found.duty).values_list("organisation_id", flat=True)
    lock([found.organisation_id, *cared])
    found = Grant.objects.system("lock for revoke").select_for_update(of=("self",)).select_related("account", "organisation").get(pk=grant.pk)
    found.claim(version)
    ends = max(by.today, found.valid_from)
    if found.valid_to is not None and found.valid_to <= ends:
        raise Refused(_("这项授权已经结束"), code="state")
    if found.source == TAKEOVER:
        raise Refused(_("这是上级代管：授予新的负责人之后，代管自动结束"), code="state")
    found.valid_to = ends
    found.save(update_fields=["valid_to", "version"])
    _record_grant(by, "access.revoke", found, {"valid_to": (None, ends.isoformat())}, reason)
    left_by(by, found.account, {(found.organisation_id, found.duty)})
    return found


@action
def take_over(*, by: Actor, organisation: Organisation, duty: str) -> list[Grant]:
    """Give `duty` at an organisation that nobody holds it at any more to its holders at the nearest superior. Returns the new grants, none the second time.

    Refuses who is not the secretary there (a superior's reaches down), and duties that nobody takes over.
    """
    if not rules.may_take_over(by, organisation):
        raise Forbidden()
    if duty not in CARED_FOR:
        raise Refused(_("这项职责不由上级代管"), field="duty")
    lock([organisation.pk])
    return _take_over(by, organisation, duty)


@action
def tend_orphans(*, by: Actor) -> list[Grant]:
    """By the clock: end care that is no longer due (its holder lost the duty above, or the body was moved), and let superiors take over what
    lost its last holder by a date. Returns the new grants, none the second time. Refuses a person.
    """
    if not by.is_system:
        raise Forbidden()
    idle = Grant.objects.system("care no longer due").filter(queries.valid_on(by.today), source=TAKEOVER)
    end_grants(by, idle.exclude(pk__in=queries.in_force(by.today).values("pk")), by.today, "上级已不负责这项职责，代管结束")
    orphans = queries.orphans(by.today)
    lock(organisation.pk for organisation, _duty in orphans)
    return [made for organisation, duty in orphans for made in _take_over(by, organisation, duty)]


def lock(organisation_ids: Iterable[int]) -> None:
    """Hold organisations until the transaction ends, always in the same order, so that two verbs wait for each other instead of both."""
    wanted = Organisation.objects.system("lock for grants").select_for_update().filter(pk__in=set(organisation_ids))
    list(wanted.order_by("pk").values_list("pk", flat=True))


def left_by(by: Actor, account: Account, places: set[tuple[int, str]]) -> None:
    """An account stopped holding duties at (organisation id, duty): its care elsewhere that stood on them ends, and superiors take over what nobody holds.

    The caller holds the organisations.
    """
    idle = queries.cares_of(account, by.today).exclude(pk__in=queries.in_force(by.today).values("pk"))
    places = places | set(idle.values_list("organisation_id", "duty"))
    end_grants(by, idle, by.today, "上级已不负责这项职责，代管结束")
    bodies = Organisation.objects.system("orphans").in_bulk([pk for pk, _duty in places])
    for pk, duty in sorted(places):
        if duty in CARED_FOR:
            _take_over(by, bodies[pk], duty)


def _take_over(by: Actor, organisation: Organisation, duty: str) -> list[Grant]:
    if duty in queries.duties_covering(organisation, by.today):
        return []
    for superior in _superiors(organisation, by.today):
        holders = queries.in_force(by.today).filter(organisation=superior, duty=duty).select_related("account")
        accounts = {held.account_id: held.account for held in holders.order_by("pk")}
        with translation.override("zh-hans"):  # kept words are Chinese, whatever language the page is in
            purpose = f"代管：{organisation.name}的{DUTY_LABELS[duty]}暂缺，由上级{superior.name}接管"
        made = [
            Grant.objects.create(
                account=account,
                duty=duty,
                organisation=organisation,
                reach=Reach.OWN,
                purpose=purpose[:200],
                valid_from=by.today,
                granted_by=by.key[:60],
                source=TAKEOVER,
            )
            for account in accounts.values()
        ]
        for one in made:
            _record_grant(by, "access.take_over", one, {"duty": (None, duty)}, one.purpose)
        if made:
            return made
    return []


def end_grants(by: Actor, grants: Any, day: date, reason: str) -> None:
    """End grants as of `day`, each with its entry."""
    for old in list(grants.select_related("organisation", "account").order_by("pk")):
        old.valid_to = max(day, old.valid_from)
        old.version += 1
        old.save(update_fields=["valid_to", "version"])
        _record_grant(by, "access.revoke", old, {"valid_to": (None, old.valid_to.isoformat())}, reason)


def _record_grant(by: Actor, verb: str, made: Grant, changes: dict[str, tuple[Any, Any]], reason: str) -> None:
    record(by=by, verb=verb, thing=made, organisation_id=made.organisation_id, changes=changes, reason=reason)


def _superiors(organisation: Organisation, day: date) -> list[Organisation]:
    """Legal parents today, nearest first."""
    found: list[Organisation] = []
    present: Organisation | None = organisation
    while present is not None and len(found) < 20:
        placed = Placement.objects.system("who stands above").select_related("parent").filter(queries.valid_on(day), organisation=present).first()
        present = placed.parent if placed else None
        if present is not None:
            found.append(present)
    return found
