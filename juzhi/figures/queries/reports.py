"""Reports that are asked for by number (R1 organisations, R4 members of a host): each number with its cuts and the records behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.evaluation import Figure, Node
from juzhi.members.figures import MEMBER_PERSONS, MEMBERS
from juzhi.members.models import Membership
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Area, Host, Organisation, Seat


def organisations(by: Actor, as_of: date, at: str = "") -> dict[str, Any]:
    """R1: organisations of a federation as of a day, by level, host type and district; districts without any are named.

    `at` = key or unique name of the federation's top; default: the one city organisation nobody stands above.
    """
    top = _organisation(by, at) if at else evaluation.top_organisation(by)
    if top is None:
        raise Refused(_("请用 --at 写明是哪个组织：没有唯一的市级组织"), field="at")
    figure = evaluation.evaluate(by, ORGANISATIONS, Node("organisation", top), as_of)
    districts = _districts(by, figure)
    return {
        "report": "R1",
        **_caption(figure),
        "by_level": {row.key: row.value for row in evaluation.cut(by, figure, "level")},
        "by_host_type": {row.label: row.value for row in evaluation.cut(by, figure, "host_type")},
        "by_family": {row.label: row.value for row in evaluation.cut(by, figure, "family")},
        "by_district": districts,
        "gaps": [name for name, count in districts.items() if not count],
        "evidence": [{"key": one.key, "name": one.name, "level": one.level, "founded": str(one.founded_on)} for one in evaluation.opened(by, figure)],
    }


def members(by: Actor, as_of: date, at: str = "") -> dict[str, Any]:
    """R4: members of each organisation at a host as of a day, their cohorts, and the distinct persons of the host.

    `at` = key or unique name of an organisation or a host; default: the one host whose organisations have members.
    """
    place = _place(by, at) if at else _host_with_members(by)
    if place is None:
        raise Refused(_("请用 --at 写明是哪个依托单位或组织：有会员的不止一处，或者还没有"), field="at")
    node = Node("host" if isinstance(place, Host) else "organisation", place)
    counted = evaluation.evaluate(by, MEMBERS, node, as_of)
    persons = evaluation.evaluate(by, MEMBER_PERSONS, node, as_of)
    bodies = network.organisations(by).filter(pk__in=evaluation.organisations_of(by, node, as_of))
    parts = [_part(by, body, as_of) for body in bodies]
    return {"report": "R4", **_caption(counted), "distinct_persons": persons.value, "organisations": [part for part in parts if part["members"] or part["cohorts"]]}


REPORTS = {"R1": organisations, "R4": members}


def _caption(figure: Figure) -> dict[str, Any]:
    indicator = figure.indicator
    return {
        "node": figure.node.name,
        "node_key": figure.node.key,
        "as_of": figure.as_of.isoformat(),
        "indicator": indicator.id,
        "definition_version": indicator.version,
        "rule": str(indicator.rule),
        "source": str(indicator.source),
        "value": figure.value,
    }


def _part(by: Actor, body: Organisation, as_of: date) -> dict[str, Any]:
    """One organisation: only bodies itself, not those beneath."""
    spells = Membership.objects.system("report R4").filter(organisation=body)
    if not evaluation.may_see(by, MEMBERS, Organisation.objects.seen_by(by).filter(pk=body.pk).values("pk")):
        return {"key": body.key, "name": body.name, "members": None, "cohorts": {}}
    held = MEMBERS.evidence(as_of).system("report R4").filter(organisation=body).count()
    cohorts: dict[str, int] = {}
    for number in spells.filter(batch__isnull=False).order_by("batch__number").values_list("batch__number", flat=True):
        cohorts[str(number)] = cohorts.get(str(number), 0) + 1
    return {"key": body.key, "name": body.name, "members": held, "cohorts": cohorts}


def _districts(by: Actor, figure: Figure) -> dict[str, int | None]:
    """Districts in which organisations of the figure sit, and their siblings."""
    seated = Seat.objects.seen_by(by).filter(network.on(figure.as_of), organisation_id__in=evaluation.organisations_of(by, figure.node, figure.as_of))
    codes = {code[:4] for code in seated.filter(area__isnull=False).values_list("area__code", flat=True)}
    areas = Area.objects.seen_by(by).filter(level="district").order_by("code")
    wanted = [area for area in areas.filter(_starts(codes))] if codes else []
    return {row.label: row.value for row in evaluation.by_district(by, figure, wanted)}


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


def _host_with_members(by: Actor) -> Host | None:
    spells = Membership.objects.system("report R4")
    bodies = (spells if by.is_system else spells.filter(organisation_id__in=by.reach(*MEMBERS.duties))).values("organisation_id")
    hosts = list(Host.objects.seen_by(by).filter(seats__organisation_id__in=bodies).distinct()[:2])
    return hosts[0] if len(hosts) == 1 else None
