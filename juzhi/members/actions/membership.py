"""Admit, end and correct membership; open admission batches. Ties follow in the same transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused, Stale
from juzhi.base.periods import PartialDate
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.members import rules
from juzhi.members.models import AdmissionBatch, EndReason, Membership
from juzhi.network.models import Organisation, Precision
from juzhi.network.queries import founded_text
from juzhi.people.actions import close_ties, mark_deceased, open_tie, partial_date, redate_ties
from juzhi.people.models import Person, Tie

RETENTION = timedelta(days=3 * 365)  # how long an organisation still sees a former member; told to the person
CORRECTABLE = ("number", "joined_on", "joined_precision", "org_role", "batch")
BATCHES_AT_MOST = 999


def source_of(membership: Membership) -> str:
    """How ties name the record they stand for."""
    return source_of_key(membership.key)


def source_of_key(key: str) -> str:
    """The same, of a spell that is known by its key alone."""
    return f"members.membership:{key}"


@action
def open_batch(*, by: Actor, organisation: Organisation, number: int, on: date | None = None, precision: str = "") -> AdmissionBatch:
    """Open the admission batch of this number, or return it. Refuses without right, a number that is none, and a day in the future."""
    if not rules.may_admit(by, organisation):
        raise Forbidden()
    if not 1 <= number <= BATCHES_AT_MOST:
        raise Refused(_("批次写 1 到 %(most)s 之间的数") % {"most": BATCHES_AT_MOST}, field="number")
    if on is not None and on > by.today:
        raise Refused(_("入会日期在将来，请核对"), field="on")
    partial_date(on, precision, "on")
    found = AdmissionBatch.objects.system("open once").filter(organisation=organisation, number=number).first()
    if found:
        return found
    batch = AdmissionBatch.objects.create(organisation=organisation, number=number, on=on, precision=precision or (Precision.DAY if on else ""))
    record(by=by, verb="members.open_batch", thing=batch, organisation_id=organisation.pk, changes={"number": (None, number)})
    return batch


@action
def admit(
    *,
    by: Actor,
    person: Person,
    organisation: Organisation,
    joined_on: date | None = None,
    joined_precision: str = "",
    number: str = "",
    batch: AdmissionBatch | None = None,
    org_role: str = "",
    batch_key: str = "",
) -> Membership:
    """Begin a spell of membership. An unknown joining day is entered as today with precision unknown.

    Refuses without right, a person whom only others know, a day in the future, a body that did not stand then, a batch of another body, somebody
    who died, and a spell that would overlap another here.
    """
    organisation = Organisation.objects.system("lock for admit").select_for_update().get(pk=organisation.pk)  # as it is now: it may have ended meanwhile
    if not rules.may_admit(by, organisation):
        raise Forbidden(_("您不能在这个组织登记会员：需要「会员管理」职责"))
    if not rules.may_admit_person(by, person):
        raise Forbidden()
    if joined_on is None:
        joined_on, joined_precision = by.today, Precision.UNKNOWN
    _check_day(by, organisation, joined_on, joined_precision)
    _check_batch(batch, organisation)
    if person.is_deceased:
        raise Refused(_("%(name)s已登记去世，不能入会") % {"name": person.name}, field="person", code="state")
    _check_free(person, organisation, joined_on, None)
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        number=clean_text(number, field="number", label=_("会员号"), limit=40),
        batch=batch,
        joined_on=joined_on,
        joined_precision=joined_precision or Precision.DAY,
        org_role=clean_text(org_role, field="org_role", label=_("会内职务"), limit=40),
    )
    open_tie(by=by, person=person, organisation=organisation, kind=Tie.Kind.MEMBERSHIP, source=source_of(membership), valid_from=min(joined_on, by.today))
    record(
        by=by,
        verb="members.admit",
        thing=membership,
        organisation_id=organisation.pk,
        changes={"joined_on": (None, joined_on.isoformat()), "org_role": (None, membership.org_role)},
        batch_key=batch_key,
    )
    return membership


def _check_day(by: Actor, organisation: Organisation, joined_on: date, precision: str) -> None:
    """The body has to stand on a day that the joining day may mean."""
    if joined_on > by.today:
        raise Refused(_("入会时间在将来，请核对"), field="joined_on")
    if organisation.dissolved_on and joined_on >= organisation.dissolved_on:
        raise Refused(_("「%(name)s」在那一天已经终止") % {"name": organisation.name}, field="joined_on")
    if precision == Precision.UNKNOWN:
        return
    joined = partial_date(joined_on, precision, "joined_on")
    known = organisation.founded_precision != Precision.UNKNOWN
    if known and joined is not None and joined.last is not None and joined.last < organisation.founded_on:
        raise Refused(_("「%(name)s」%(day)s 才成立，入会时间请核对") % {"name": organisation.name, "day": founded_text(organisation)}, field="joined_on")


def _check_batch(batch: AdmissionBatch | None, organisation: Organisation) -> None:
    if batch is not None and batch.organisation_id != organisation.pk:
        raise Refused(_("没有这个入会批次"), field="batch")


def _check_free(person: Person, organisation: Organisation, since: date, until: date | None, but: Membership | None = None) -> None:
    spells = Membership.objects.system("two spells never overlap").filter(person=person, organisation=organisation)
    spells = spells.exclude(ended_on__isnull=True, end_reason__gt="").exclude(ended_on__lte=since)
    if until is not None:
        spells = spells.filter(joined_on__lt=until)
    if but is not None:
        spells = spells.exclude(pk=but.pk)
    if other := spells.first():
        sentence = _("%(name)s在本组织已有一段会籍（%(since)s 至 %(until)s），两段不能重叠") if other.ended_on else _("%(name)s在本组织已有一段会籍（%(since)s 至今），两段不能重叠")
        raise Refused(sentence % {"name": person.name, "since": other.joined_on, "until": other.ended_on}, field="joined_on", code="conflict")


@action
def end(
    *,
    by: Actor,
    membership: Membership,
    reason_code: str,
    ended_on: date | None = None,
    ended_precision: str = "",
    reason: str = "",
    version: int | None = None,
    batch_key: str = "",
) -> Membership:
    """End a spell from `ended_on` on (the first day outside). Without a day it is over since nobody knows when, and in no as-of count. Where the joining
    day is unknown, it was before any end: the day that stands for it moves there.

    The organisation keeps seeing the person as a former member for the retention period. Refuses without right, twice, a reason there is not, a day
    before a known joining, one that would overlap another spell, and a day in the future.
    """
    membership = Membership.objects.system("lock for end").select_for_update().select_related("person", "organisation").get(pk=membership.pk)
    if not rules.may_end(by, membership):
        raise Forbidden()
    if membership.is_over:
        raise Refused(_("这段会籍已经结束"), code="state")
    if version is not None and version != membership.version:
        raise Stale(_("这条记录刚被别人改过，请对照后再保存"), details=[(_("入会时间"), "", _day(membership)), (_("会内职务"), "", membership.org_role)])
    membership.claim(version)
    reason = clean_text(reason, field="reason", label=_("说明"), limit=300)
    if reason_code not in EndReason.values:
        raise Refused(_("请选择离会原因"), field="reason_code")
    began = _joined_before_end(membership, ended_on)
    if ended_on is not None and ended_on < membership.joined_on:
        raise Refused(_("离会时间早于入会时间（%(day)s），请核对，或写到月、写到日") % {"day": _day(membership)}, field="ended_on")
    if ended_on is not None and ended_on > by.today:
        raise Refused(_("离会时间在将来，请核对"), field="ended_on")
    partial_date(ended_on, ended_precision if ended_on else "", "ended_on")
    membership.ended_on, membership.end_reason = ended_on, reason_code
    membership.ended_precision = (ended_precision or Precision.DAY) if ended_on else Precision.UNKNOWN
    membership.save(update_fields=["joined_on", "ended_on", "ended_precision", "end_reason", "version"])
    close_ties(by=by, source=source_of(membership), on=by.today)
    open_tie(
        by=by,
        person=membership.person,
        organisation=membership.organisation,
        kind=Tie.Kind.FORMER_MEMBERSHIP, source=source_of(membership),
        valid_from=by.today, valid_to=by.today + RETENTION,
    )
    if reason_code == EndReason.DECEASED and not membership.person.is_deceased:
        mark_deceased(by=by, person=membership.person, on=ended_on, precision=membership.ended_precision, reason=reason)
    changes = {"ended_on": (None, ended_on.isoformat() if ended_on else ""), "end_reason": ("", reason_code), **began}
    record(by=by, verb="members.end", thing=membership, organisation_id=membership.organisation_id, changes=changes, reason=reason, batch_key=batch_key)
    return membership


def _joined_before_end(membership: Membership, ended_on: date | None) -> dict[str, tuple[Any, Any]]:
    """Where the joining day is unknown, let the day that stands for it be the one before the end, and the tie begin with it; what changes by it. Refuses an overlap."""
    was = membership.joined_on
    if ended_on is None or ended_on >= was or membership.joined_precision != Precision.UNKNOWN:
        return {}
    membership.joined_on = ended_on - timedelta(days=1)
    _check_free(membership.person, membership.organisation, membership.joined_on, ended_on, membership)
    redate_ties(source=source_of(membership), valid_from=membership.joined_on)
    return {"joined_on": (was.isoformat(), membership.joined_on.isoformat())}


@action
def correct(*, by: Actor, membership: Membership, version: int | None = None, reason: str = "", **values: Any) -> Membership:
    """Correct a spell (CORRECTABLE fields); its tie follows. Refuses without right, nothing changed, an overlap, a joining day after its end or in the
    future, a batch of another body, and a form older than the record.
    """
    membership = Membership.objects.system("lock for correct").select_for_update().select_related("person", "organisation").get(pk=membership.pk)
    if not rules.may_correct(by, membership):
        raise Forbidden()
    if set(values) - set(CORRECTABLE):
        raise Refused(_("有不能在这里更正的栏目"))
    if version is not None and version != membership.version:
        raise Stale(_("这条记录刚被别人改过，请对照后再保存"), details=_both(membership, values))
    membership.claim(version)
    reason = clean_text(reason, field="reason", label=_("说明"), limit=300)
    joined_on = values.get("joined_on", membership.joined_on)
    if membership.ended_on and joined_on > membership.ended_on:
        raise Refused(_("入会时间晚于离会时间"), field="joined_on")
    precision = values.get("joined_precision", membership.joined_precision)
    if (joined_on, precision) != (membership.joined_on, membership.joined_precision):
        _check_day(by, membership.organisation, joined_on, precision)
    _check_batch(values.get("batch"), membership.organisation)
    _check_free(membership.person, membership.organisation, joined_on, membership.ended_on, membership)
    for field, label, limit in (("number", _("会员号"), 40), ("org_role", _("会内职务"), 40)):
        if field in values:
            values[field] = clean_text(values[field], field=field, label=label, limit=limit)
    changes = {f: (_plain(getattr(membership, f)), _plain(v)) for f, v in values.items() if getattr(membership, f) != v}
    if not changes:
        raise Refused(_("没有任何改动"))
    for field, value in values.items():
        setattr(membership, field, value)
    membership.save(update_fields=[*values, "version"])
    redate_ties(source=source_of(membership), valid_from=membership.joined_on)
    place = membership.organisation_id
    record(by=by, verb="members.correct", thing=membership, organisation_id=place, changes=changes, reason=reason)
    return membership


def _both(membership: Membership, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of (label, yours, theirs) for the fields of a form."""
    yours = Membership(**{name: getattr(membership, name) for name in CORRECTABLE} | values)
    told = {
        "number": (_("会员号"), lambda m: m.number),
        "joined_on": (_("入会时间"), _day),
        "org_role": (_("会内职务"), lambda m: m.org_role),
        "batch": (_("入会批次"), lambda m: str(m.batch or "")),
    }
    return [(label, show(yours), show(membership)) for name, (label, show) in told.items() if name in values]


def _day(membership: Membership) -> str:
    """The joining day as far as it is known."""
    known = membership.joined_precision != Precision.UNKNOWN
    return str(PartialDate(membership.joined_on, membership.joined_precision)) if known else _("未详")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if hasattr(value, "pk") else value
