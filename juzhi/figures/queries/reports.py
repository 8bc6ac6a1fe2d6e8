"""Reports that are asked for by number, each number with its cuts and the records behind it: R1 organisations, R2 coverage, R3 firsts, R4 members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import Actor
from juzhi.base.cells import Hidden, in_words
from juzhi.base.errors import Refused
from juzhi.base.indicators import Indicator
from juzhi.base.periods import Period
from juzhi.figures.queries import cell_parts, cells, evaluation, firsts
from juzhi.figures.queries.coverage import Coverage, coverage
from juzhi.figures.queries.evaluation import Figure, Narrowing, Node, Row
from juzhi.figures.queries.firsts import Decision, Firsts
from juzhi.members.figures import COHORTS, GROWTH, JOINED, LEFT, MEMBER_PERSONS, MEMBERS
from juzhi.members.models import Membership
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Area, Family, Host, Organisation, Seat


@dataclass(frozen=True)
class Question:
    """What is asked of a report: as of which day, at which organisation, host or division (key, code or unique name), of which family, at which level."""

    as_of: date
    at: str = ""
    family: Family | None = None
    level: str = "district"  # of divisions, R2 only
    period: Period | None = None  # R4 only: who joined and who left


@dataclass(frozen=True)
class Organisations:
    """R1: organisations of a subtree on a day; divisions in which none sit are its gaps."""

    figure: Figure
    by_level: list[Row]
    by_host_type: list[Row]
    by_family: list[Row]
    by_district: list[Row]

    @property
    def gaps(self) -> list[Row]:
        return [row for row in self.by_district if not row.value]


@dataclass(frozen=True)
class Part:
    """One organisation of R4, without those beneath: members on the day; how many came in each admission batch, and how many of these are members still; joined and left in the period.

    A batch is a cell: small ones are hidden from whom the list is closed, and `still` (None) is not for him: the rest have left.
    """

    organisation: Organisation
    members: int
    cohorts: dict[str, int | Hidden] = field(default_factory=dict)
    still: dict[str, int | None] = field(default_factory=dict)
    joined: int = 0
    left: int = 0


@dataclass(frozen=True)
class Members:
    """R4: members of each organisation at a host on a day, their cohorts, and the distinct persons; with a period `flows` = joined, left and net growth."""

    figure: Figure
    persons: Figure
    parts: list[Part]
    hidden: int  # organisations whose members are not for this reader
    flows: list[Figure] = field(default_factory=list)
    note: str = ""  # why something is not told, or told as of the end of a month


def organisations(by: Actor, question: Question) -> Organisations:
    """R1. `at` = key or unique name of the federation's top; default: the one city organisation nobody stands above."""
    figure = organisations_figure(by, question)
    level, host_type, family = (evaluation.cut(by, figure, name) for name in ("level", "host_type", "family"))
    return Organisations(figure, level, host_type, family, _districts(by, figure))


def organisations_figure(by: Actor, question: Question) -> Figure:
    """The number of R1."""
    top = _organisation(by, question.at) if question.at else evaluation.top_organisation(by)
    if top is None:
        raise Refused(_("请写明是哪个组织：没有唯一的市级组织"), field="at", code="question")
    return evaluation.evaluate(by, ORGANISATIONS, Node("organisation", top), question.as_of, Narrowing(question.family))


def covered(by: Actor, question: Question) -> Coverage:
    """R2. `at` = key, code or unique name of a division; default: the one beneath which all organisations sit."""
    return coverage(by, area_of(by, question), question.level, question.family, question.as_of)


def first_claims(by: Actor, question: Question) -> Firsts:
    """R3. `at` as for R2."""
    return firsts.firsts(by, area_of(by, question), question.family, question.as_of)


def members(by: Actor, question: Question) -> Members:
    """R4. `at` = key or unique name of an organisation or a host; default: the one host whose organisations have members that `by` may count.

    Refuses a period that is not for this reader: who may not open the lists is told of calendar periods only.
    """
    node, day = node_of_members(by, question), question.as_of
    narrowing = Narrowing(question.family)
    counted, persons = (cells.told(by, evaluation.evaluate(by, one, node, day, narrowing)) for one in (MEMBERS, MEMBER_PERSONS))
    here = Organisation.objects.seen_by(by).filter(narrowing.q(by, day), pk__in=evaluation.organisations_of(by, node, day))
    seen = here if by.is_system else here.filter(pk__in=by.reach(*MEMBERS.duties))
    hidden = 0 if by.is_system else here.filter(network.standing(day)).exclude(pk__in=by.reach(*MEMBERS.duties)).count()
    flows = _flows(by, node, question.period, narrowing) if question.period else []
    parts = _parts(by, node, seen, question)
    values = [counted.value, persons.value, *(count for part in parts for count in part.cohorts.values())]
    notes = [cells.note(cells.lens(by, counted), replace(counted, as_of=day), values), *(cells.hidden_note(by, one, [one.value]) for one in flows[:1])]
    return Members(counted, persons, parts, hidden, [one if one.period == question.period else replace(one, value=None) for one in flows], "".join(notes))


def _flows(by: Actor, node: Node, period: Period, narrowing: Narrowing) -> list[Figure]:
    """Joined, left and net growth at the node, of a group perhaps of another period: that which is told; None in each where the reader may not see one of the organisations."""
    there = evaluation.organisations_of(by, node, period.until, period.since)
    if not by.is_system:
        there = Organisation.objects.seen_by(by).filter(pk__in=there).filter(pk__in=by.reach(*MEMBERS.duties)).values("pk")
    if not period.kind and not evaluation.may_list(by, JOINED, there):
        raise Refused(_("名单不对您打开，所以只能看整年、整季、整月的数"), field="from")
    return [cells.told(by, evaluation.evaluate(by, one, node, period.until, narrowing, period.since)) for one in (JOINED, LEFT, GROWTH)]


def node_of_members(by: Actor, question: Question) -> Node:
    """Where R4 is asked. Raises Refused."""
    place = _place(by, question.at) if question.at else _host_with_members(by)
    if place is None:
        raise Refused(_("请写明是哪个依托单位或组织：有会员的不止一处，或者还没有"), field="at", code="question")
    return Node("host" if isinstance(place, Host) else "organisation", place)


def _parts(by: Actor, node: Node, seen: Any, question: Question) -> list[Part]:
    """Organisations with members, cohorts or changes, only bodies themselves, not those beneath: a constant number of queries, however many. `seen` = those of the day that the reader may count."""
    day, organisation_ids = question.as_of, seen.values("pk")
    held = MEMBERS.evidence(day).system("report R4").filter(organisation_id__in=organisation_ids).order_by()
    counts = dict(held.values_list("organisation_id").annotate(n=Count("pk")))
    cohorts, kept = _cohorts(by, node, organisation_ids, day)
    joined, left = (_changes(by, one, node, question) for one in (JOINED, LEFT))
    bodies = network.organisations(by).filter(pk__in=counts.keys() | cohorts.keys() | joined.keys() | left.keys())
    return [Part(one, counts.get(one.pk, 0), cohorts.get(one.pk, {}), kept.get(one.pk, {}), joined.get(one.pk, 0), left.get(one.pk, 0)) for one in bodies]


def _cohorts(by: Actor, node: Node, organisation_ids: Any, day: date) -> tuple[dict[int, dict[str, int | Hidden]], dict[int, dict[str, int | None]]]:
    """How many came in each batch at each organisation, and how many of them are members still; where the list is closed as of the end of a month, and small ones hidden."""
    listed = frozenset(Organisation.objects.seen_by(by).filter(pk__in=organisation_ids if by.is_system else by.reach(*MEMBERS.list_duties)).values_list("pk", flat=True))
    end = cells.month_end(day, by.today)
    until = Q(joined_on__lte=end) | Q(organisation_id__among=listed)
    came = COHORTS.evidence(day).system("report R4").filter(until, organisation_id__in=organisation_ids).order_by("batch__number")
    still = Count("pk", filter=Q(pk__in=MEMBERS.evidence(day).values("pk")))
    sums = cell_parts.whole(by, Figure(COHORTS, node, end, Narrowing(), None, by.at)).sums
    cohorts: dict[int, dict[str, int | Hidden]] = {}
    kept: dict[int, dict[str, int | None]] = {}
    for pk, number, count, members in came.values_list("organisation_id", "batch__number").annotate(n=Count("pk"), still=still):
        is_open = pk in listed
        cohorts.setdefault(pk, {})[str(number)] = count if is_open or sums.tells([(pk, number)]) else Hidden()
        kept.setdefault(pk, {})[str(number)] = members if is_open else None
    return cohorts, kept


def _changes(by: Actor, one: Indicator, node: Node, question: Question) -> dict[int, int]:
    """How many joined or left in the period at each organisation whose members the reader may count, while it stood at the node."""
    if question.period is None:
        return {}
    rows = evaluation.evidence(by, one, node, question.period.until, Narrowing(question.family), question.period.since).system("report R4").order_by()
    if not by.is_system:
        rows = rows.filter(organisation_id__in=by.reach(*MEMBERS.duties))
    return dict(rows.values_list("organisation_id").annotate(n=Count("pk")))


# As JSON


def told_organisations(by: Actor, question: Question) -> dict[str, Any]:
    found = organisations(by, question)
    districts = {row.label: row.value for row in found.by_district}
    return {
        "report": "R1",
        **_caption(found.figure),
        "by_level": {row.key: row.value for row in found.by_level},
        "by_host_type": {row.label: row.value for row in found.by_host_type},
        "by_family": {row.label: row.value for row in found.by_family},
        "by_district": districts,
        "gaps": [row.label for row in found.gaps],
        "evidence": [{"key": one.key, "name": one.name, "level": one.level, "founded": str(one.founded_on)} for one in evaluation.opened(by, found.figure)],
    }


def told_coverage(by: Actor, question: Question) -> dict[str, Any]:
    found = covered(by, question)
    return {
        "report": "R2",
        **_asked(found.area, question),
        "rule": str(COVERAGE_RULE),
        "value": found.share.covered,
        "level": found.level,
        "total": found.share.total,
        "share": found.share.share,
        "register": found.share.ground,
        "by_area": {row.area.name: row.organisations for row in found.rows},
        "own_level": found.own,
        "gaps": [area.name for area in found.gaps],
        "sit_higher": {"count": found.coarse, "first": [_body(one) for one in found.coarse_named]},
        "by_host_type": {one.label: one.share.covered for one in found.hosts},
        "host_types": [
            {
                "host_type": one.host_type, "hosts": one.share.covered, "organisations": one.organisations, "total": one.share.total,
                "share": one.share.share, "register": one.share.ground, "gaps": [host.name for host in one.gaps],
            }
            for one in found.hosts
        ],
        "evidence": [{"key": row.area.key, "code": row.area.code, "name": row.area.name, "organisations": row.organisations, "own_level": row.own} for row in found.rows],
    }  # fmt: skip


def told_firsts(by: Actor, question: Question) -> dict[str, Any]:
    found = first_claims(by, question)
    return {
        "report": "R3",
        **_asked(found.area, question),
        "rule": str(FIRSTS_RULE),
        "value": sum(1 for row in found.rows if row.decision.outcome != firsts.UNDECIDED),
        "firsts": [
            {
                "family": row.family, "by": row.group.kind, "group": row.group.value, "label": row.label, "count": row.count,
                **_decided(found, row.decision), "batches": _decided(found, row.batches) if row.batches else None,
            }
            for row in found.rows
        ],
        "without_place": {"count": found.unplaced, "first": [_body(one) for one in found.unplaced_named]},
    }  # fmt: skip


def told_members(by: Actor, question: Question) -> dict[str, Any]:
    found, period = members(by, question), question.period
    parts = [
        {
            "key": part.organisation.key, "name": part.organisation.name, "members": part.members,
            "cohorts": {number: in_words(count) for number, count in part.cohorts.items()}, "still_members": part.still,
            **({"joined": part.joined, "left": part.left, "growth": part.joined - part.left} if period else {}),
        }
        for part in found.parts
    ]  # fmt: skip
    caption = {**_caption(found.figure), "value": in_words(found.figure.value), "distinct_persons": in_words(found.persons.value)}
    told = {"report": "R4", **caption, "organisations": parts, **({"note": found.note} if found.note else {})}
    if period is None:
        return told
    joined, left, growth = (in_words(one.value) for one in found.flows)
    return {**told, "period": {"from": period.since.isoformat(), "to": period.until.isoformat()}, "joined": joined, "left": left, "growth": growth}


REPORTS: dict[str, Callable[[Actor, Question], dict[str, Any]]] = {"R1": told_organisations, "R2": told_coverage, "R3": told_firsts, "R4": told_members}
COVERAGE_RULE = gettext_lazy("截至当日，所在地在该区划（含其下级）的组织至少有一个存续，就算覆盖；没有的是缺口；名册认定齐全的才算百分比")
FIRSTS_RULE = gettext_lazy("同一类别、同一层级（或依托单位类型、系统）之中成立最早的；按成立时所在地归入；已终止的也算；精度不够或成立时间未详的，不判定")
BATCHES_RULE = gettext_lazy("几个组织共用同一成立事项的算一批；没有登记成立事项的，同一上级之下、同一天成立、登记了同一批次的算一批；一批之中至少两个")
VERSION = 1  # of the rules of R2 and R3


def _caption(figure: Figure) -> dict[str, Any]:
    indicator = figure.indicator
    return {
        "node": figure.node.name,
        "node_key": figure.node.key,
        "as_of": figure.as_of.isoformat(),
        "family": figure.narrowing.family.name if figure.narrowing.family else "",
        "indicator": indicator.id,
        "definition_version": indicator.version,
        "rule": str(indicator.rule),
        "source": str(indicator.source),
        "value": figure.value,
    }


def _asked(area: Area, question: Question) -> dict[str, Any]:
    return {
        "node": area.name,
        "node_key": area.key,
        "as_of": question.as_of.isoformat(),
        "family": question.family.name if question.family else "",
        "indicator": ORGANISATIONS.id,
        "definition_version": VERSION,
        "source": str(ORGANISATIONS.source),
    }


def _body(one: Organisation) -> dict[str, str]:
    return {"key": one.key, "name": one.name, "founded": network.founded_text(one)}


def _decided(found: Firsts, decision: Decision) -> dict[str, Any]:
    def part(rows: list[firsts.Founded]) -> list[dict[str, Any]]:
        return [_founded(found, one) for one in firsts.shown(rows)]

    return {"outcome": decision.outcome, "why": firsts.why(decision), "first": part(decision.holders), "first_count": len(decision.holders), "runner_up": part(decision.runners)}


def _founded(found: Firsts, one: firsts.Founded) -> dict[str, Any]:
    """An organisation, or a batch of them with its number and founding."""
    bodies = [_body(found.named[pk]) for pk in one.ids]
    if len(bodies) == 1 and one.batch is None and one.event is None:
        return bodies[0]
    event = found.events.get(one.event) if one.event else None
    return {"batch": one.batch, "title": event.title if event else "", "founded": bodies[0]["founded"], "organisations": bodies}


def _districts(by: Actor, figure: Figure) -> list[Row]:
    """Districts in which organisations of the figure sit, and their siblings."""
    seated = Seat.objects.seen_by(by).filter(network.on(figure.as_of), organisation_id__in=evaluation.organisations_of(by, figure.node, figure.as_of))
    codes = {code[:4] for code in seated.filter(area__isnull=False).values_list("area__code", flat=True)}
    areas = Area.objects.seen_by(by).filter(level="district").order_by("code")
    wanted = [area for area in areas.filter(_starts(codes))] if codes else []
    return evaluation.by_district(by, figure, wanted)


def _starts(codes: set[str]) -> Q:
    condition = Q()
    for code in codes:
        condition |= Q(code__startswith=code)
    return condition


def _organisation(by: Actor, text: str) -> Organisation:
    found = list(network.organisations(by).filter(Q(key=text) | Q(name=text))[:2])
    if len(found) != 1:
        raise Refused(_("没有叫「%(text)s」的组织") % {"text": text} if not found else _("叫「%(text)s」的组织不止一个，请写编号") % {"text": text}, field="at")
    return found[0]


def _place(by: Actor, text: str) -> Organisation | Host:
    hosts = list(Host.objects.seen_by(by).filter(Q(key=text) | Q(name=text))[:2])
    return hosts[0] if len(hosts) == 1 else _organisation(by, text)


def area_of(by: Actor, question: Question) -> Area:
    """The division asked for; else the one beneath which all organisations of that day sit."""
    if not question.at:
        above, _areas = network.first_areas(by, question.as_of)
        if not above:
            raise Refused(_("请写明是哪个区划：组织不在同一个区划之下，或者还没有载入区划"), field="at", code="question")
        return above[-1]
    found = list(network.areas_named(by, question.at)[:2])
    if len(found) != 1:
        words = {"text": question.at}
        raise Refused(_("没有叫「%(text)s」的区划，请写名称或区划代码") % words if not found else _("叫「%(text)s」的区划不止一个，请写区划代码") % words, field="at")
    return found[0]


def _host_with_members(by: Actor) -> Host | None:
    spells = Membership.objects.system("report R4")
    bodies = (spells if by.is_system else spells.filter(organisation_id__in=by.reach(*MEMBERS.duties))).values("organisation_id")
    hosts = list(Host.objects.seen_by(by).filter(seats__organisation_id__in=bodies).distinct()[:2])
    return hosts[0] if len(hosts) == 1 else None
