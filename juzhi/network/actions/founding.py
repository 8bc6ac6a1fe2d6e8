"""Found, rename, correct, dissolve: the life of an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from juzhi.base.access import SECRETARY
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.periods import PartialDate
from juzhi.base.pinyin import sort_key
from juzhi.base.text import clean_text, listed, search_key
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.lineage import rewrite
from juzhi.network.actions.rows import check_name_free, claim, known_day, locked, need_reason, placement_on
from juzhi.network.actions.succeeding import take_back
from juzhi.network.models import (
    BEGINNING,
    FOREVER,
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
from juzhi.network.queries import day_text, dissolved_text
from juzhi.network.search import KIND as SEARCHED
from juzhi.search.actions import renew

CORRECTABLE = ("level", "legal_form", "family", "founding", "founded_on", "founded_precision", "founding_batch", "purpose", "remark", "source")


@action
def found(
    *,
    by: Actor,
    name: str,
    family: Family,
    level: str,
    parent: Organisation | None = None,
    founded_on: date | None = None, founded_precision: str = Precision.DAY, founding: FoundingEvent | None = None, batch: int | None = None,
    legal_form: str = LegalForm.UNKNOWN,
    area: Area | None = None, host: Host | None = None, sector: Sector | None = None,
    aliases: tuple[str, ...] = (),
    source: str = "", remark: str = "", example: str = "", reason: str = "", batch_key: str = "",
) -> Organisation:
    """Found an organisation beneath `parent` (None = at the top), seated in `area`, at `host`, in `sector`.

    `founding` = the event that founded it, which several may share: day and batch that are not given are the event's. Else an unknown founding day is
    entered as today with precision unknown. Refuses a founder without the right, an empty name, a name that an organisation with the same parent bears,
    a founding day before 1900, more than a year ahead, other than the event's, or on which the parent was dissolved already.
    """
    if not rules.may_found(by, parent):
        raise Forbidden(_("您不能在这里新设组织：需要上级组织的「组织管理」职责"))
    name = clean_text(name, field="name", label=_("组织名称"), limit=120)
    if not name:
        raise Refused(_("请填写组织名称"), field="name")
    founded_on, founded_precision, batch = _day_of(by, founding, founded_on, founded_precision, batch)
    _check_founding_day(by, founded_on, parent)
    _check_event(founding, founded_on, founded_precision)
    check_name_free(name, parent, by.today)
    reason = clean_text(reason, field="reason", label=_("理由"), limit=300)
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
        source=clean_text(source, field="source", label=_("来源"), limit=60),
        remark=clean_text(remark, field="remark", label=_("备注"), limit=300, lines=True),
        example=example,
    )
    _place(by, organisation, aliases, parent, area, host, sector)
    changes: dict[str, tuple[Any, Any]] = {"name": (None, name), "founded_on": (None, known_day(founded_on, founded_precision))}
    if parent is not None:
        changes["parent"] = (None, parent.name)
    record(by=by, verb="network.found", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason, batch_key=batch_key)
    return organisation


def _day_of(by: Actor, founding: FoundingEvent | None, on: date | None, precision: str, batch: int | None) -> tuple[date, str, int | None]:
    """Day, precision and batch: as given, else the event's, else today with precision unknown."""
    if founding is not None:
        batch = founding.batch if batch is None else batch
        if on is None and founding.on is not None:
            return founding.on, founding.precision, batch
    return (by.today, Precision.UNKNOWN, batch) if on is None else (on, precision, batch)


def _place(by: Actor, organisation: Organisation, aliases: tuple[str, ...], parent: Organisation | None, area: Area | None, host: Host | None, sector: Sector | None) -> None:
    """Names, superior and seat of a new body, since ever; and its rows in the closure."""
    _name(organisation, organisation.name, OrganisationName.Kind.OFFICIAL, BEGINNING)
    for alias in aliases:
        _name(organisation, clean_text(alias, field="aliases", label=_("别名"), limit=120), OrganisationName.Kind.ALIAS, BEGINNING)
    if parent is not None:
        Placement.objects.create(organisation=organisation, parent=parent, valid_from=BEGINNING)
    if area or host or sector:
        Seat.objects.create(organisation=organisation, area=area, host=host, sector=sector, valid_from=BEGINNING)
    rewrite([organisation.pk])
    renew(SEARCHED, [organisation.pk], by.today)


def _name(organisation: Organisation, text: str, kind: str, since: date) -> None:
    OrganisationName.objects.create(organisation=organisation, text=text, text_key=search_key(text), kind=kind, valid_from=since)


def _check_founding_day(by: Actor, day: date, parent: Organisation | None = None) -> None:
    if parent is not None and parent.dissolved_on is not None and parent.dissolved_on <= day:
        raise Refused(_("上级「%(parent)s」已于 %(day)s 终止，从那天起不能在它之下新设组织") % {"parent": parent.name, "day": dissolved_text(parent)}, field="founded_on")
    if day < BEGINNING:
        raise Refused(_("成立时间早于 1900 年，请核对"), field="founded_on")
    if (day - by.today).days > 366:
        raise Refused(_("成立时间在一年以后，请核对"), field="founded_on")


def _check_event(founding: FoundingEvent | None, day: date, precision: str) -> None:
    """The body's day and the event's may be known to different precision, but must be able to be one day."""
    if founding is None or founding.on is None or Precision.UNKNOWN in (precision, founding.precision):
        return
    ours, theirs = PartialDate(day, precision), PartialDate(founding.on, founding.precision)
    if ours.last is None or theirs.last is None or day > theirs.last or founding.on > ours.last:
        raise Refused(_("成立时间（%(ours)s）与所选成立事项的日期（%(theirs)s）对不上，请核对") % {"ours": ours, "theirs": theirs}, field="founded_on")


def _check_begins_after_founding(organisation: Organisation, valid_from: date) -> None:
    """A body bears no name before it is there. Where the founding day is not known, `founded_on` is only the day it was entered, and decides nothing."""
    if organisation.founded_precision != Precision.UNKNOWN and valid_from < organisation.founded_on:
        day = day_text(organisation.founded_on, organisation.founded_precision)
        raise Refused(_("起用日期早于成立时间（%(day)s），请核对；成立时间登记错了的，先更正成立时间") % {"day": day}, field="valid_from")


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

    Refuses without right or reason, an unchanged name, a name that an organisation with the same parent bears, a day to come (what it
    is called today would be wrong), a day before the founding, and a day on or before the start of the present name.
    """
    organisation = locked(organisation)
    if not rules.may_rename(by, organisation):
        raise Forbidden()
    claim(organisation, version, [(_("名称"), name, organisation.name)])
    name = clean_text(name, field="name", label=_("组织名称"), limit=120)
    reason = need_reason(reason)
    if not name or name == organisation.name:
        raise Refused(_("新名称与现在的名称相同") if name else _("请填写新名称"), field="name")
    if valid_from > by.today:
        raise Refused(_("起用日期还没有到，请到那天再更名"), field="valid_from")
    _check_begins_after_founding(organisation, valid_from)
    current = organisation.names.system("rename").filter(kind=OrganisationName.Kind.OFFICIAL, valid_to__isnull=True).get()
    if valid_from <= current.valid_from:
        raise Refused(_("起用日期要晚于现名称的起用日期（%(day)s）") % {"day": current.valid_from}, field="valid_from")
    placed = placement_on(organisation, by.today)
    check_name_free(name, placed.parent if placed else None, by.today, but=organisation)
    current.valid_to = valid_from
    current.save(update_fields=["valid_to"])
    _name(organisation, name, OrganisationName.Kind.OFFICIAL, valid_from)
    old, organisation.name = organisation.name, name
    organisation.name_key, organisation.pinyin_key = search_key(name), sort_key(name)
    organisation.save(update_fields=["name", "name_key", "pinyin_key", "version"])
    renew(SEARCHED, [organisation.pk], by.today)
    record(by=by, verb="network.rename", thing=organisation, organisation_id=organisation.pk, changes={"name": (old, name)}, reason=reason)
    return organisation


@action
def correct(*, by: Actor, organisation: Organisation, reason: str, version: int | None = None, **values: Any) -> Organisation:
    """Mend what was entered wrongly (CORRECTABLE fields): the past itself was otherwise, so figures of the past change with it.

    Refuses without right or reason, an unknown field, nothing changed, and a founding day before 1900, in the far future, after the
    dissolution, after the day from which a later name holds, or other than the founding event's.
    """
    organisation = locked(organisation)
    if not rules.may_correct(by, organisation):
        raise Forbidden()
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise Refused(_("这些栏目不能在这里更正：%(fields)s") % {"fields": listed(sorted(unknown))})
    claim(organisation, version, [(_label(name), _shown(name, value), _shown(name, getattr(organisation, name))) for name, value in values.items()])
    reason = need_reason(reason)
    for text_field, label, limit in (("purpose", _("宗旨"), 2000), ("remark", _("备注"), 300), ("source", _("来源"), 60)):
        if text_field in values:
            values[text_field] = clean_text(values[text_field], field=text_field, label=label, limit=limit, lines=True)
    before = {name: getattr(organisation, name) for name in ("founded_on", "founded_precision")}
    changes = {f: (_plain(getattr(organisation, f)), _plain(v)) for f, v in values.items() if getattr(organisation, f) != v}
    if not changes:
        raise Refused(_("没有任何改动"))
    for name, value in values.items():
        setattr(organisation, name, value)
    _check_founding_day(by, organisation.founded_on)
    _check_event(organisation.founding, organisation.founded_on, organisation.founded_precision)
    if organisation.dissolved_on and organisation.dissolved_on < organisation.founded_on:
        raise Refused(_("成立时间晚于终止时间"), field="founded_on")
    if changes.keys() & before.keys():
        _check_names_begin_after(organisation)
        changes.pop("founded_precision", None)
        changes["founded_on"] = (known_day(*before.values()), known_day(organisation.founded_on, organisation.founded_precision))
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

    A body whose founding day is unknown, and that was entered later than it ended, counts on no day. Refuses without right or reason,
    twice, a day before the founding, one more than a year ahead, and while a child still stands on that day.
    """
    organisation = locked(organisation)
    placed = placement_on(organisation, by.today)
    if not rules.may_dissolve(by, organisation, placed.parent if placed else None):
        raise Forbidden(_("终止组织由它的上级办理"))
    claim(organisation, version, [(_("终止时间"), day_text(dissolved_on, precision), dissolved_text(organisation))])
    reason = need_reason(reason)
    if organisation.dissolved_on is not None:
        raise Refused(_("这个组织已于 %(day)s 终止") % {"day": dissolved_text(organisation)}, code="state")
    if (dissolved_on - by.today).days > 366:
        raise Refused(_("终止时间在一年以后，请核对"), field="dissolved_on")
    if dissolved_on < organisation.founded_on:
        if organisation.founded_precision != Precision.UNKNOWN:
            raise Refused(_("终止时间早于成立时间"), field="dissolved_on")
        organisation.founded_on = dissolved_on
    if names := _standing_beneath(organisation, dissolved_on):
        raise Refused(_("它还有下级组织（%(names)s），请先移走或终止它们") % {"names": listed(names)}, field="dissolved_on", code="state")
    organisation.dissolved_on, organisation.dissolved_precision = dissolved_on, precision
    organisation.save(update_fields=["founded_on", "dissolved_on", "dissolved_precision", "version"])
    changes = {"dissolved_on": (None, known_day(dissolved_on, precision))}
    record(by=by, verb="network.dissolve", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason, batch_key=batch_key)
    return organisation


@action
def reopen(*, by: Actor, organisation: Organisation, reason: str, version: int | None = None, batch_key: str = "") -> Organisation:
    """Take back a dissolution that was entered wrongly: it stands as if it had never ended, figures of the past with it.

    An unknown founding day that the dissolution had moved before it is today again. One that was merged has no successor any more; what went over is moved
    back by its own verbs. Refuses without right or reason, a body that is not dissolved, while a superior does not last as long, and where another body bears its name by now.
    """
    organisation = locked(organisation)
    placed = placement_on(organisation, by.today)
    if not rules.may_reopen(by, organisation, placed.parent if placed else None):
        raise Forbidden(_("撤销终止由它的上级办理"))
    claim(organisation, version, [(_("终止时间"), "", dissolved_text(organisation))])
    reason = need_reason(reason)
    if organisation.dissolved_on is None:
        raise Refused(_("这个组织没有终止，不用撤销"), code="state")
    _check_superiors_last(organisation, organisation.dissolved_on)
    check_name_free(organisation.name, placed.parent if placed else None, by.today, but=organisation)
    changes: dict[str, tuple[Any, Any]] = {"dissolved_on": (known_day(organisation.dissolved_on, organisation.dissolved_precision), None)}
    if organisation.founded_precision == Precision.UNKNOWN and organisation.founded_on == organisation.dissolved_on:
        organisation.founded_on = by.today
    organisation.dissolved_on, organisation.dissolved_precision = None, ""
    if into := take_back(by=by, organisation=organisation):
        changes["successor"] = ("、".join(into), None)
    organisation.save(update_fields=["founded_on", "dissolved_on", "dissolved_precision", "version"])
    record(by=by, verb="network.reopen", thing=organisation, organisation_id=organisation.pk, changes=changes, reason=reason, batch_key=batch_key)
    return organisation


def _check_superiors_last(organisation: Organisation, since: date) -> None:
    """From `since` on each superior stands as long as it is one."""
    placed = Placement.objects.system("superiors of later days").select_related("parent").filter(organisation=organisation, parent__dissolved_on__isnull=False)
    for one in placed.exclude(valid_to__lte=since).order_by("valid_from"):
        if one.parent is not None and one.parent.dissolved_on is not None and one.parent.dissolved_on < (one.valid_to or FOREVER):
            told = {"parent": one.parent.name, "day": dissolved_text(one.parent)}
            raise Refused(_("它的上级「%(parent)s」已于 %(day)s 终止，请先撤销上级的终止，或者先改隶") % told, code="state")


def _check_names_begin_after(organisation: Organisation) -> None:
    """No later name may begin before the founding day; the first holds since ever."""
    if organisation.founded_precision == Precision.UNKNOWN:
        return
    names = OrganisationName.objects.system("correct").filter(organisation=organisation, kind=OrganisationName.Kind.OFFICIAL)
    early = names.filter(valid_from__gt=BEGINNING, valid_from__lt=organisation.founded_on).order_by("valid_from").first()
    if early is not None:
        told = {"founded": day_text(organisation.founded_on, organisation.founded_precision), "name": early.text, "day": early.valid_from}
        raise Refused(_("成立时间（%(founded)s）晚于名称「%(name)s」的起用日期（%(day)s），请核对成立时间") % told, field="founded_on")


def _standing_beneath(organisation: Organisation, day: date) -> list[str]:
    """Names of at most three bodies that stand directly beneath it on `day` or later."""
    placed = Placement.objects.system("children still standing").filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), parent=organisation)
    left = placed.filter(Q(organisation__dissolved_on__isnull=True) | Q(organisation__dissolved_on__gt=day)).order_by("organisation__pinyin_key")
    return list(left.values_list("organisation__name", flat=True).distinct()[:3])


@action
def register_founding(
    *,
    by: Actor,
    organisation: Organisation,
    on: date | None,
    precision: str = Precision.DAY,
    title: str = "",
    place: str = "",
    batch: int | None = None,
) -> FoundingEvent:
    """Enter a founding that several bodies beneath `organisation` may share: an assembly with its day, place and batch.

    Refuses without right, without title and day alike, and a day before 1900 or more than a year ahead. The same title, day and batch: the known one.
    """
    if not by.holds(SECRETARY, organisation.pk):
        raise Forbidden()
    title = clean_text(title, field="title", label=_("名目"), limit=120)
    place = clean_text(place, field="place", label=_("地点"), limit=120)
    if on is None:
        precision = Precision.UNKNOWN
        if not title:
            raise Refused(_("名目和成立日期至少填一项"), field="title")
    else:
        _check_founding_day(by, on)
    known = FoundingEvent.objects.system("register").filter(title=title, on=on, precision=precision, place=place, batch=batch).first()
    if known is not None:
        return known
    founding = FoundingEvent.objects.create(title=title, on=on, precision=precision, place=place, batch=batch)
    changes = {"title": (None, title), "on": (None, known_day(on, precision)), "place": (None, place), "batch": (None, batch)}
    record(by=by, verb="network.register_founding", thing=founding, organisation_id=organisation.pk, changes=changes)
    return founding


def _label(name: str) -> str:
    return str(Organisation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(name: str, value: Any) -> str:
    """A value of the field as a page words it."""
    choices = dict(Organisation._meta.get_field(name).choices or ())  # type: ignore[union-attr]
    return str(choices.get(value, "" if value is None else value))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if hasattr(value, "pk") else value
