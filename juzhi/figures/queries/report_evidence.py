"""What a number of a report opens into: the organisations it counted, with the host and the division of that day, or the hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.figures.queries import coverage, evaluation, firsts, reports
from juzhi.figures.queries.columns import day
from juzhi.figures.queries.evaluation import Narrowing, Node
from juzhi.figures.queries.reports import Question
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Area, Host, HostType, Organisation, OrganisationLevel, Seat, Sector
from juzhi.web.replies import Column


@dataclass(frozen=True)
class Piece:
    """Which number of the report: of a division (R1), of a type of hosts (R2), of a group in which a first was sought (R3: `kind` and `group`)."""

    area: str = ""
    host_type: str = ""
    kind: str = ""
    group: str = ""


@dataclass(frozen=True)
class Counted:
    """What a number counted: organisations, or hosts, with the address of the page that each has."""

    rows: QuerySet[Any]
    node: str
    words: str  # which part, in words
    columns: list[Column]
    page: str = "network:organisation"


def counted(by: Actor, code: str, question: Question, piece: Piece) -> Counted:
    """The rows of one number. Refuses a question that cannot be asked so."""
    if code == "R2" and piece.host_type:
        return _hosts(by, question, piece)
    rows, node, words = PIECES[code](by, question, piece)
    return Counted(_seated(by, rows, question, is_at_founding=code == "R3"), node, words, ORGANISATION_COLUMNS)


def _hosts(by: Actor, question: Question, piece: Piece) -> Counted:
    """The hosts of a type with an organisation (R2), each with how many."""
    area = reports.area_of(by, question)
    seats = coverage.seats(by, area, question.family, question.as_of).filter(host__host_type=piece.host_type)
    bodies = seats.filter(host=OuterRef("pk")).order_by().values("host").annotate(n=Count("pk")).values("n")
    rows = Host.objects.seen_by(by).filter(pk__in=seats.values("host_id")).select_related("area").annotate(bodies=Subquery(bodies))
    return Counted(rows.order_by("name_key", "pk"), area.name, str(HostType(piece.host_type).label), HOST_COLUMNS, "network:host")


def _seated(by: Actor, rows: Any, question: Question, *, is_at_founding: bool) -> QuerySet[Organisation]:
    """With host and division: of the day asked for, or of the founding."""
    seats = firsts.seats_at_founding(by) if is_at_founding else Seat.objects.seen_by(by).filter(network.on(question.as_of))
    here = seats.filter(organisation=OuterRef("pk"))
    told = rows.annotate(host_name=Subquery(here.values("host__name")[:1]), area_name=Subquery(here.values("area__name")[:1]))
    return told.select_related("family").order_by("founded_on", "pinyin_key", "pk")


def _r1(by: Actor, question: Question, piece: Piece) -> tuple[Any, str, str]:
    figure = reports.organisations_figure(by, question)
    rows = evaluation.opened(by, figure)
    if not piece.area:
        return rows, figure.node.name, ""
    area = network.area(by, piece.area)
    if area is None:
        raise Refused(_("没有这个区划，请从报告里的表点开"), field="area")
    return rows.filter(pk__in=network.seated_in_area(by, area, question.as_of)), figure.node.name, area.name


def _r2(by: Actor, question: Question, piece: Piece) -> tuple[Any, str, str]:
    area = reports.area_of(by, question)
    return evaluation.evidence(by, ORGANISATIONS, Node("area", area), question.as_of, Narrowing(question.family)).seen_by(by), area.name, ""


def _r3(by: Actor, question: Question, piece: Piece) -> tuple[Any, str, str]:
    area: Area = reports.area_of(by, question)
    organisations = Organisation.objects.seen_by(by).filter(firsts.founded_by(question.as_of))
    if question.family:
        organisations = organisations.filter(family=question.family)
    label = _label(by, piece) if piece.kind else ""
    if piece.kind and not label:
        raise Refused(_("没有这样的范围，请从报告里的表点开"), field="group")
    return organisations.filter(pk__in=firsts.members(by, area, piece.kind, piece.group, question.as_of)), area.name, label


def _label(by: Actor, piece: Piece) -> str:
    """What the group is called; "" where there is none such."""
    if piece.kind == "sector":
        sector = Sector.objects.seen_by(by).filter(pk=int(piece.group)).first() if piece.group.isascii() and piece.group.isdigit() and len(piece.group) < 10 else None
        return sector.name if sector else ""
    return str(dict(OrganisationLevel.choices if piece.kind == "level" else HostType.choices).get(piece.group, ""))


def _r4(by: Actor, question: Question, piece: Piece) -> tuple[Any, str, str]:
    """The organisations of the place; members are listed by the figure itself, for whom they are open."""
    node = reports.node_of_members(by, question)
    return evaluation.evidence(by, ORGANISATIONS, node, question.as_of, Narrowing(question.family)).seen_by(by), node.name, ""


PIECES = {"R1": _r1, "R2": _r2, "R3": _r3, "R4": _r4}
ORGANISATION_COLUMNS = [
    Column("name", gettext_lazy("组织名称"), lambda o: o.name, sort="pinyin_key", classed="public"),
    Column("family", gettext_lazy("类别"), lambda o: o.family.name, sort="family__name", classed="public"),
    Column("level", gettext_lazy("层级"), lambda o: o.get_level_display(), sort="level", classed="public"),
    Column("host", gettext_lazy("依托单位"), lambda o: o.host_name or "", sort="host_name", classed="public"),
    Column("area", gettext_lazy("所在区划"), lambda o: o.area_name or "", sort="area_name", classed="public"),
    Column("founded", gettext_lazy("成立"), lambda o: day(o.founded_on, o.founded_precision) or _("未详"), sort="founded_on", classed="public"),
    Column("source", gettext_lazy("来源"), lambda o: o.source, sort="source", classed="public"),
]
HOST_COLUMNS = [
    Column("name", gettext_lazy("依托单位"), lambda host: host.name, sort="name_key", classed="public"),
    Column("area", gettext_lazy("所在区划"), lambda host: host.area.name if host.area else "", sort="area__code", classed="public"),
    Column("bodies", gettext_lazy("依托它的组织"), lambda host: host.bodies, sort="bodies", classed="public", text=False),
]
