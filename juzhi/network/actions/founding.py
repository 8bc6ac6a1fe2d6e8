"""Found, rename, correct, dissolve: the life of an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.pinyin import sort_key
from juzhi.base.text import clean_text, search_key
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.lineage import rewrite
from juzhi.network.models import (
    BEGINNING,
    Area,
    Family,
    FoundingEvent,
    Host,
    LegalForm,
    Organisation,
    OrganisationName,
    Placement,
    Precision,
    Seat,
    Sector,
)

CORRECTABLE = ("level", "legal_form", "family", "founded_on", "founded_precision", "founding_batch", "purpose", "remark", "source")


@action
def found(
    *,
    by: Actor,
    name: str,
    family: Family,
    level: str,
    parent: Organisation | None = None,
    founded_on: date | None = None,
    founded_precision: str = Precision.DAY,
    legal_form: str = LegalForm.UNKNOWN,
    batch: int | None = None,
    founding: FoundingEvent | None = None,
    area: Area | None = None,
    host: Host | None = None,
    sector: Sector | None = None,
    aliases: tuple[str, ...] = (),
    source: str = "",
    remark: str = "",
    example: str = "",
    reason: str = "",
    batch_key: str = "",
) -> Organisation:
    """Found an organisation beneath `parent` (None = at the top), seated in `area`, at `host`, in `sector`.

    An unknown founding day is entered as today with precision unknown. Refuses a founder without the right, an empty name, a name
    that an organisation with the same parent bears today, and a founding day in the far future (more than a year ahead).
    """
    if not rules.may_found(by, parent):
        raise Forbidden("您不能在这里新设组织：需要上级组织的「组织管理」职责")
    name = clean_text(name, field="name", label="组织名称", limit=120)
    if not name:
        raise Refused("请填写组织名称", field="name")
    if founded_on is None:
        founded_on, founded_precision = by.today, Precision.UNKNOWN
    _check_founding_day(by, founded_on)
    _check_name_free(name, parent, by.today)
    organisation = Organisation.objects.create(
        name=name,
        name_key=search_key(name),
        pinyin_key=sort_key(name),
        family=family,
        level=level,
        legal_form=legal_form,
        founding=founding,
        founded_on=founded_on,
        founded_precision=founded_precision,
        founding_batch=batch,
        source=clean_text(source, field="source", label="来源", limit=60),
        remark=clean_text(remark, field="remark", label="备注", limit=300, lines=True),
        example=example,
    )
    _name(organisation, name, OrganisationName.Kind.OFFICIAL, BEGINNING)
    for alias in aliases:
        _name(organisation, clean_text(alias, field="aliases", label="别名", limit=120), OrganisationName.Kind.ALIAS, BEGINNING)
    if parent is not None:
        Placement.objects.create(organisation=organisation, parent=parent, valid_from=BEGINNING)
    if area or host or sector:
        Seat.objects.create(organisation=organisation, area=area, host=host, sector=sector, valid_from=BEGINNING)
    rewrite([organisation.pk])
    changes: dict[str, tuple[Any, Any]] = {"name": (None, name), "founded_on": (None, founded_on.isoformat())}
    if parent is not None:
        changes["parent"] = (None, parent.name)
    record(by=by, verb="network.found", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason, batch_key=batch_key)
    return organisation


def _name(organisation: Organisation, text: str, kind: str, since: date) -> None:
    OrganisationName.objects.create(organisation=organisation, text=text, text_key=search_key(text), kind=kind, valid_from=since)


def _check_founding_day(by: Actor, day: date) -> None:
    if day < BEGINNING:
        raise Refused("成立时间早于 1900 年，请核对", field="founded_on")
    if (day - by.today).days > 366:
        raise Refused("成立时间在一年以后，请核对", field="founded_on")


def _check_name_free(name: str, parent: Organisation | None, today: date) -> None:
    """Two bodies beneath the same parent never bear one name on the same day."""
    same = Organisation.objects.system("is the name free").filter(name_key=search_key(name), dissolved_on__isnull=True)
    if parent is not None:
        same = same.filter(placements__parent=parent, placements__valid_to__isnull=True)
    else:
        same = same.exclude(placements__valid_to__isnull=True, placements__isnull=False)
    if same.exists():
        raise Refused(f"「{name}」在同一上级之下已经有了，请换个名称，或打开原有组织修改", field="name", code="conflict")


@action
def rename(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    valid_from: date,
    reason: str,
    version: int | None = None,
) -> Organisation:
    """Give a new official name from `valid_from` on; the old one stays true for the days before.

    Refuses without right or reason, an unchanged name, and a day on or before the start of the present name.
    """
    organisation = _locked(organisation)
    if not rules.may_rename(by, organisation):
        raise Forbidden()
    organisation.claim(version, {"name": name})
    name = clean_text(name, field="name", label="组织名称", limit=120)
    _need_reason(reason)
    if not name or name == organisation.name:
        raise Refused("新名称与现在的名称相同" if name else "请填写新名称", field="name")
    current = organisation.names.system("rename").filter(kind=OrganisationName.Kind.OFFICIAL, valid_to__isnull=True).get()
    if valid_from <= current.valid_from:
        raise Refused(f"起用日期要晚于现名称的起用日期（{current.valid_from}）", field="valid_from")
    _check_name_free(name, None if not (placed := _present_placement(organisation)) else placed.parent, by.today)
    current.valid_to = valid_from
    current.save(update_fields=["valid_to"])
    _name(organisation, name, OrganisationName.Kind.OFFICIAL, valid_from)
    old, organisation.name = organisation.name, name
    organisation.name_key, organisation.pinyin_key = search_key(name), sort_key(name)
    organisation.save(update_fields=["name", "name_key", "pinyin_key", "version"])
    record(by=by, verb="network.rename", thing=organisation, organisation_id=organisation.pk, changes={"name": (old, name)}, reason=reason)
    return organisation


@action
def correct(*, by: Actor, organisation: Organisation, reason: str, version: int | None = None, **values: Any) -> Organisation:
    """Mend what was entered wrongly (CORRECTABLE fields): the past itself was otherwise, so figures of the past change with it.

    Refuses without right or reason, an unknown field, nothing changed, and a founding day after the dissolution.
    """
    organisation = _locked(organisation)
    if not rules.may_correct(by, organisation):
        raise Forbidden()
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise Refused(f"这些栏目不能在这里更正：{'、'.join(sorted(unknown))}")
    _need_reason(reason)
    organisation.claim(version, values)
    for text_field, label, limit in (("purpose", "宗旨", 2000), ("remark", "备注", 300), ("source", "来源", 60)):
        if text_field in values:
            values[text_field] = clean_text(values[text_field], field=text_field, label=label, limit=limit, lines=True)
    changes = {f: (_plain(getattr(organisation, f)), _plain(v)) for f, v in values.items() if getattr(organisation, f) != v}
    if not changes:
        raise Refused("没有任何改动")
    for name, value in values.items():
        setattr(organisation, name, value)
    _check_founding_day(by, organisation.founded_on)
    if organisation.dissolved_on and organisation.dissolved_on < organisation.founded_on:
        raise Refused("成立时间晚于终止时间", field="founded_on")
    organisation.save(update_fields=[*values, "version"])
    record(by=by, verb="network.correct", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason)
    return organisation


@action
def dissolve(
    *,
    by: Actor,
    organisation: Organisation,
    dissolved_on: date,
    reason: str,
    precision: str = Precision.DAY,
    version: int | None = None,
    batch_key: str = "",
) -> Organisation:
    """End an organisation from `dissolved_on` on (the first day it no longer stands). Its place and records stay.

    Refuses without right or reason, twice, a day before the founding, and while a child still stands on that day.
    """
    organisation = _locked(organisation)
    placed = _present_placement(organisation)
    if not rules.may_dissolve(by, organisation, placed.parent if placed else None):
        raise Forbidden("终止组织由它的上级办理")
    organisation.claim(version)
    _need_reason(reason)
    if organisation.dissolved_on is not None:
        raise Refused(f"这个组织已于 {organisation.dissolved_on} 终止", code="state")
    if dissolved_on < organisation.founded_on:
        raise Refused("终止时间早于成立时间", field="dissolved_on")
    standing = (
        Organisation.objects.system("children still standing")
        .filter(placements__parent=organisation, placements__valid_to__isnull=True, dissolved_on__isnull=True)
        .values_list("name", flat=True)[:3]
    )
    if names := list(standing):
        raise Refused(f"它还有下级组织（{'、'.join(names)}），请先移走或终止它们", field="dissolved_on", code="state")
    organisation.dissolved_on, organisation.dissolved_precision = dissolved_on, precision
    organisation.save(update_fields=["dissolved_on", "dissolved_precision", "version"])
    changes = {"dissolved_on": (None, dissolved_on.isoformat())}
    record(by=by, verb="network.dissolve", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason, batch_key=batch_key)
    return organisation


def _locked(organisation: Organisation) -> Organisation:
    """The row itself, held until the transaction ends (a no-op on SQLite, where the transaction is the lock)."""
    return Organisation.objects.system("lock for a verb").select_for_update().get(pk=organisation.pk)


def _present_placement(organisation: Organisation) -> Placement | None:
    return Placement.objects.system("present parent").select_related("parent").filter(organisation=organisation, valid_to__isnull=True).first()


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("请写明理由，理由会记入日志", field="reason")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if hasattr(value, "pk") else value
