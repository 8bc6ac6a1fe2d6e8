"""What others report of a place: measures, numbers with their source, and claims. Nothing here is computed, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.hedges import Hedge, interval, written
from juzhi.base.periods import UNKNOWN, PartialDate
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.network import rules
from juzhi.network.actions.rows import known_day, need_reason
from juzhi.network.models import Area, Claim, Contained, Counted, Family, Host, Measure, Organisation, Statistic

NEVER = PartialDate(None, UNKNOWN)


@dataclass(frozen=True)
class Source:
    """The document that says something: its title, where it is found, its day."""

    title: str
    url: str = ""
    on: PartialDate = NEVER


@action
def register_measure(*, by: Actor, name: str, unit: str, threshold: str = "", counted: str = "", family: Family | None = None) -> Measure:
    """Enter what numbers measure, or return the one of that name, unit and threshold.

    Refuses without right, an empty name or unit, and a family where nothing is counted.
    """
    if not rules.may_register_measure(by):
        raise Forbidden()
    name, unit = written_text(name, "name", _("名称"), 60), written_text(unit, "unit", _("计量单位"), 12)
    threshold = clean_text(threshold, field="threshold", label=_("起算标准"), limit=60)
    if counted not in ("", *Counted.values) or (family is not None and not counted):
        raise Refused(_("没有这种同类数，请从列出的里面选"), field="counted")
    found = Measure.objects.system("register").filter(name=name, unit=unit, threshold=threshold).first()
    if found:
        return found
    made = Measure.objects.create(name=name, unit=unit, threshold=threshold, counted=counted, family=family)
    changes = {"name": name, "unit": unit, "threshold": threshold, "counted": counted, "family": family.name if family else ""}
    record(by=by, verb="network.register_measure", thing=made, changes={field: (None, value) for field, value in changes.items() if value})
    return made


@action
def record_statistic(
    *, by: Actor, area: Area, measure: Measure, value: Decimal, source: Source, as_of: PartialDate, hedge: str = Hedge.EXACT,
    part: str = "", of: Area | None = None, within: Statistic | None = None, contained: str = "",
) -> Statistic:  # fmt: skip
    """Enter a reported number of an area (or of a named part of it), as its source gives it. Older numbers of the series stay.

    `of` = the area above of whose number it is per cent. `within` = the number it may be part of, `contained` = whether it is, as far as the source says.
    Refuses without right, no source, a day to come or after its document, a hedged zero, a share that is none, a part that is more than its whole, and the same
    number of one day and source twice.
    """
    if not rules.may_record_statistic(by, area):
        raise Forbidden(_("这里的统计数由这一区划的本级组织或上级组织的「组织管理」登记"))
    return _enter(by, area, None, "", measure=measure, value=value, hedge=hedge, source=source, as_of=as_of, part=part, of=of, within=within, contained=contained)


@action
def correct_statistic(
    *, by: Actor, statistic: Statistic, reason: str, measure: Measure, value: Decimal, source: Source, as_of: PartialDate, hedge: str = Hedge.EXACT,
    part: str = "", of: Area | None = None, within: Statistic | None = None, contained: str = "",
) -> Statistic:  # fmt: skip
    """Replace a number that was entered wrongly. The former row stays, struck, with the reason. Not for a newer number: that one is recorded beside it.

    Refuses what `record_statistic` refuses, no reason, nothing changed, and a row that is replaced already.
    """
    if not rules.may_correct_statistic(by, statistic):
        raise Forbidden(_("这里的统计数由这一区划的本级组织或上级组织的「组织管理」更正"))
    reason = need_reason(reason)
    return _enter(
        by, statistic.area, statistic, reason, measure=measure, value=value, hedge=hedge, source=source, as_of=as_of, part=part, of=of, within=within, contained=contained
    )


def _enter(by: Actor, area: Area, former: Statistic | None, why: str, *, source: Source, as_of: PartialDate, value: Decimal, **told: Any) -> Statistic:
    """The row itself, once right and reason are settled: the area is held, so that two who correct one row meet here."""
    Area.objects.system("one at a time").select_for_update().get(pk=area.pk)
    fields = {**told, **sourced(by, source), "part": clean_text(told["part"], field="part", label=_("其中的片区"), limit=60)}
    fields |= {"as_of": as_of.on, "as_of_precision": as_of.precision, **_digits(value)}
    _check_days(by, source, as_of)
    _check_value(area, value, fields)
    here = Statistic.objects.system("record").filter(area=area, replaced_by__isnull=True)
    if former is not None:
        if not here.filter(pk=former.pk).exists():
            raise Refused(_("这一条已经更正过了，请打开最新的那一条再更正"), code="conflict")
        if all(getattr(former, name) == new for name, new in fields.items()):
            raise Refused(_("和原来登记的一样，没有可更正的"), field="value")
        here = here.exclude(pk=former.pk)
    same = ("part", "measure", "of", "as_of", "as_of_precision", "source")
    if here.filter(**{name if fields[name] is not None else f"{name}__isnull": fields[name] if fields[name] is not None else True for name in same}).exists():
        raise Refused(_("同一来源、同一截至日的这一项已经登记过。登记错了请打开它更正"), field="as_of", code="conflict")
    made = Statistic.objects.create(area=area, replaces=former, why=why, **fields)
    verb = "network.correct_statistic" if former else "network.record_statistic"
    record(by=by, verb=verb, thing=made, changes=_changes(former, made), reason=why)
    return made


def _changes(former: Statistic | None, made: Statistic) -> dict[str, tuple[Any, Any]]:
    def told(one: Statistic) -> dict[str, Any]:
        days = {"as_of": str(one.at), "source_on": known_day(one.source_on, one.source_precision)}
        names = {"area": one.area.name, "measure": str(one.measure), "of": one.of.name if one.of else None, "within": one.within.key if one.within else None}
        return {**days, **names, "value": written(one.value), **{name: getattr(one, name) or None for name in ("part", "hedge", "contained", "source", "source_url")}}

    before = told(former) if former else {}
    return {name: (before.get(name), value) for name, value in told(made).items() if value != before.get(name)}


def _digits(value: Decimal) -> dict[str, int]:
    """A number as an integer and its places after the point: 28.5 is 285 and 1, 28.0 is 280 and 1."""
    places = max(0, -int(value.as_tuple().exponent))
    return {"digits": int(value.scaleb(places)), "places": places}


def _check_days(by: Actor, source: Source, as_of: PartialDate) -> None:
    if as_of.on is not None and as_of.on > by.today:
        raise Refused(_("截至日在将来，请核对"), field="as_of")
    last = source.on.last
    if as_of.on is not None and last is not None and as_of.on > last:
        raise Refused(_("截至日晚于材料日期，请核对"), field="as_of")


def _check_value(area: Area, value: Decimal, fields: dict[str, Any]) -> None:
    """A hedge that means something, a share that is one, a part that is not more than its whole."""
    if fields["hedge"] not in Hedge.values or (not value and fields["hedge"] != Hedge.EXACT):
        raise Refused(_("0 前后不能加约、超、近、余，请核对"), field="hedge")
    of, within = fields["of"], fields["within"]
    if of is not None and (of == area or not area.code.startswith(of.code)):
        raise Refused(_("占比要写上级区划，「%(of)s」不在「%(area)s」之上") % {"of": of.name, "area": area.name}, field="of")
    if of is not None and not 0 < value <= 100:
        raise Refused(_("占比是百分数，应当大于 0、不超过 100"), field="value")
    if (within is None) != (not fields["contained"]) or fields["contained"] not in ("", *Contained.values):
        raise Refused(_("请同时选哪一项和是否包含，来源没有说的选「来源没有说」"), field="contained")
    if within is not None and (within.area != area or within.measure == fields["measure"] or within.measure.unit != fields["measure"].unit):
        raise Refused(_("只能选同一区划、同一计量单位的另一项"), field="within")
    low, most = interval(value, fields["hedge"]).low, within.meant.high if within else None
    if fields["contained"] == Contained.YES and low is not None and most is not None and low > most:
        words = {"value": written(value), "whole": written(within.value)}  # type: ignore[union-attr]
        raise Refused(_("%(value)s 比 %(whole)s 还多，不可能包含在里面，请核对") % words, field="value")


@action
def record_claim(*, by: Actor, about: Area | Organisation | Host, text: str, source: Source) -> Claim:
    """Keep what a source says of an area, an organisation or a host: shown as its words, never as a fact of ours.

    Refuses without right, no text, no source, a document of a day to come, and the same words of the same source twice.
    """
    if not rules.may_record_claim(by, about):
        raise Forbidden(_("这里的说法由本级组织或上级组织的「组织管理」登记"))
    text, fields = written_text(text, "text", _("说法"), 300), sourced(by, source)
    place = {type(about).__name__.lower(): about}
    type(about).objects.system("one at a time").select_for_update().get(pk=about.pk)
    if Claim.objects.system("twice").filter(text=text, source=fields["source"], withdrawn_on__isnull=True, **place).exists():
        raise Refused(_("这句话已经登记过了"), field="text", code="conflict")
    made = Claim.objects.create(text=text, **place, **fields)
    changes = {"text": (None, text), "source": (None, made.source), **{name: (None, one.name) for name, one in place.items()}}
    record(by=by, verb="network.record_claim", thing=made, organisation_id=about.pk if isinstance(about, Organisation) else None, changes=changes)
    return made


@action
def withdraw_claim(*, by: Actor, claim: Claim, reason: str) -> Claim:
    """Take a claim off the page from today on; it stays in the records with the reason. Refuses without right or reason, and one that is off already."""
    if not rules.may_withdraw_claim(by, claim):
        raise Forbidden(_("这里的说法由本级组织或上级组织的「组织管理」撤下"))
    reason = need_reason(reason)
    found = Claim.objects.system("withdraw").select_for_update().get(pk=claim.pk)
    if found.withdrawn_on is not None:
        raise Refused(_("这句话已经撤下了"), code="state")
    found.withdrawn_on, found.why = by.today, reason
    found.save(update_fields=["withdrawn_on", "why"])
    record(by=by, verb="network.withdraw_claim", thing=found, organisation_id=found.organisation.pk if found.organisation else None, changes={"withdrawn_on": (None, by.today)}, reason=reason)
    return found


def written_text(text: str, field: str, label: str, limit: int) -> str:
    """A text that must be there."""
    text = clean_text(text, field=field, label=label, limit=limit)
    if not text:
        raise Refused(_("请填写%(label)s") % {"label": label}, field=field)
    return text


def sourced(by: Actor, source: Source) -> dict[str, Any]:
    """The columns of a source. Refuses an empty one, an address that is none, and a day to come."""
    title = clean_text(source.title, field="source", label=_("来源"), limit=200)
    if not title:
        raise Refused(_("请写明来源：哪个单位的什么材料"), field="source")
    if source.on.on is not None and source.on.on > by.today:
        raise Refused(_("材料日期在将来，请核对"), field="source_on")
    url = clean_text(source.url, field="source_url", label=_("来源网址"), limit=300)
    if url and not _is_address(url):
        raise Refused(_("网址要以 http:// 或 https:// 开头，没有就留空"), field="source_url")
    return {"source": title, "source_url": url, "source_on": source.on.on, "source_precision": source.on.precision}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(url) & set(" \"'<>\\")
    except ValueError:
        return False
