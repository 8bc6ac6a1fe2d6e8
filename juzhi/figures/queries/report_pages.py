"""Reports as pages and workbooks: the question, the numbers with what they open into, the tables, the counting rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.actors import ZONE, Actor
from juzhi.base.indicators import Indicator
from juzhi.figures.queries import addresses, firsts, reports, sheets
from juzhi.figures.queries.evaluation import Node, Row
from juzhi.figures.queries.reports import Question
from juzhi.members.figures import GROWTH, JOINED, LEFT, MEMBERS
from juzhi.network import queries as network
from juzhi.network.figures import ORGANISATIONS
from juzhi.network.models import Area, Organisation

SHOWN = 100  # rows of a table on the page; the workbook holds all
TITLES = {"R1": gettext_lazy("组织数"), "R2": gettext_lazy("覆盖与缺口"), "R3": gettext_lazy("首家与首批"), "R4": gettext_lazy("会员数")}
ANSWERS = {
    "R1": gettext_lazy("截至某一天，一个组织连同下级共有多少个组织，按层级、依托单位类型、类别、所在区各有多少，哪些区还没有。"),
    "R2": gettext_lazy("截至某一天，一个区划之下哪些区（或街道、社区）、哪些依托单位已有组织，缺口是哪些。"),
    "R3": gettext_lazy("一个区划之内，各层级、各类依托单位、各系统成立最早的是哪一家、哪一批，紧随其后的是谁，哪些还不能判定。"),
    "R4": gettext_lazy("截至某一天，一个依托单位或组织的会员有多少，各批入会多少，其中还有多少是会员，去重之后多少人；写上时段，再看这段时间入会、离会、净增多少。"),
}
NOUNS = {"city": pgettext_lazy("区划", "市"), "district": pgettext_lazy("区划", "区"), "subdistrict": pgettext_lazy("区划", "街道"), "community": pgettext_lazy("区划", "社区")}  # one division of a level
HINTS = {"R1": gettext_lazy("组织名称"), "R2": gettext_lazy("区划名称或代码"), "R3": gettext_lazy("区划名称或代码"), "R4": gettext_lazy("依托单位或组织")}


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table: text or a number, with what it opens into; or several of these (`parts`)."""

    value: Any = ""
    href: str | None = None
    parts: tuple[Cell, ...] = ()
    is_day: bool = False  # never broken over two lines

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int)

    @property
    def text(self) -> Any:
        """As a workbook holds it."""
        return "；".join(str(part.value) for part in self.parts) if self.parts else self.value


@dataclass(frozen=True)
class Section:
    """One table. `numbers` = the places of the columns that hold numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    nothing: str = ""  # said where there is no row
    anchor: str = ""
    is_narrow: bool = False  # stands beside others

    @property
    def numbers(self) -> set[int]:
        return {place for row in self.rows for place, cell in enumerate(row) if cell.is_number}

    @property
    def is_list(self) -> bool:
        """One column of names: shown in several columns, not as a table."""
        return len(self.heads) == 1

    @property
    def columns(self) -> list[tuple[str, bool]]:
        return [(head, place in self.numbers) for place, head in enumerate(self.heads)]

    @property
    def shown(self) -> Sequence[Sequence[Cell]]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> str:
        """How many rows the page leaves to the workbook, in words."""
        return _("先列 %(shown)s 行，共 %(count)s 行；全部在导出的 Excel 里") % {"shown": SHOWN, "count": len(self.rows)} if len(self.rows) > SHOWN else ""


@dataclass(frozen=True)
class Report:
    """Everything a report's page shows."""

    code: str
    node: str
    question: Question
    stats: list[dict[str, Any]]
    facts: list[tuple[str, Any]]
    sections: list[Section]
    notes: list[str] = field(default_factory=list)
    evidence_href: str = ""

    @property
    def title(self) -> str:
        return _("%(node)s：%(title)s") % {"node": self.node, "title": TITLES[self.code]}

    @property
    def filename(self) -> str:
        return f"{self.code}-{self.node}-{self.question.as_of.isoformat()}"

    @property
    def book(self) -> list[tuple[str, list[str], list[list[Any]]]]:
        """The workbook: the rule and the numbers on the first sheet, then one sheet for each table: (title, heads, rows)."""
        first = [[_("报告"), f"{self.code} {self.title}"], *([what, value] for what, value in self.facts)]
        first += [[stat["label"], _("没有看这个数的权限") if stat["value"] is None else stat["value"]] for stat in self.stats]
        tables = [(one.title, list(one.heads), [[cell.text for cell in row] for row in one.rows]) for one in self.sections]
        return [(_("口径"), [_("项目"), _("内容")], first + [[_("说明"), note] for note in self.notes]), *tables]


def catalogue() -> list[dict[str, Any]]:
    """The list of reports: code, title, what each answers, and where it stands."""
    return [{"code": code, "title": title, "answers": ANSWERS[code], "href": reverse("figures:report", args=[code])} for code, title in TITLES.items()]


def heading(code: str, question: Question | None = None) -> dict[str, Any]:
    """What a page says of the report before anything is asked; with the question, the way back to it."""
    back, title = address(code, question) if question else "", f"{code} {TITLES[code]}"
    trail = [(title, back), (_("清单"), None)] if question else [(title, None)]
    return {"title": TITLES[code], "answers": ANSWERS[code], "crumbs": crumbs(*trail), "back": back, "day": question.as_of.isoformat() if question else ""}


def crumbs(*trail: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to the list of reports, and on from it."""
    above = [(_("数据与口径"), reverse("figures:indicators")), (_("报告"), reverse("figures:reports") if trail else None)]
    return [*above, *trail]


def report(by: Actor, code: str, question: Question) -> Report:
    """A constant number of queries. Refuses a question that cannot be asked so; 404 of an unknown code is the view's."""
    return PAGES[code](by, question)


def address(code: str, question: Question, *, name: str = "report", **more: str) -> str:
    """Where a report (or the records behind a number of it) stands, with its question."""
    period = question.period.question if question.period else {}
    asked = {"as_of": question.as_of.isoformat(), **period, "at": question.at, "family": question.family.key if question.family else "", "level": question.level if code == "R2" else ""}
    return f"{reverse(f'figures:{name}', args=[code])}?{urlencode({name: text for name, text in {**asked, **more}.items() if text})}"


def linked(one: Organisation) -> Cell:
    return Cell(one.name, reverse("network:organisation", args=[one.key]))


def _stat(label: Any, value: Any, unit: Any, question: Question, href: str | None = None, note: str = "") -> dict[str, Any]:
    return {"label": str(label), "value": value, "unit": str(unit), "note": note or _("截至 %(day)s · 由记录算出") % {"day": question.as_of.isoformat()}, "href": href}


def _facts(by: Actor, question: Question, rule: Any, range_: str, indicator: Indicator, version: int) -> list[tuple[str, Any]]:
    return [
        (_("算的是"), str(rule)),
        (_("范围"), range_),
        (_("类别"), question.family.name if question.family else _("全部类别")),
        (_("截至"), question.as_of.isoformat()),
        (_("不含"), str(indicator.excludes)),
        (_("来源"), str(indicator.source)),
        (_("版本"), _("第 %(version)s 版，%(since)s 起") % {"version": version, "since": indicator.since.isoformat()}),
        (_("计算于"), by.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")),
    ]


def _counted(title: str, head: str, rows: Sequence[Row], href: Callable[[Row], str], places: Callable[[Row], str] | None = None) -> Section:
    """Rows of a cut: the label (with its own page where it has one) and the number, which opens into its records."""
    cells = [[Cell(row.label, places(row) if places else None), Cell(row.value, href(row))] for row in rows]
    return Section(title, [head, str(ORGANISATIONS.label)], cells, is_narrow=True)


def _r1(by: Actor, question: Question) -> Report:
    found = reports.organisations(by, question)
    figure = found.figure
    query = addresses.query_of(figure)
    asked = Question(question.as_of, figure.node.key, question.family)
    families = {family.name: family.key for family in network.families(by)}

    def opened(name: str) -> Callable[[Row], str]:
        return lambda row: addresses.address("organisations", figure.node, {**query, name: families[row.label] if name == "family" else row.key}, name="evidence")

    def place(row: Row) -> str:
        return reverse("network:area", args=[row.key]) + f"?as_of={question.as_of.isoformat()}"

    districts = _counted(_("按所在区"), _("区划"), found.by_district, lambda row: address("R1", asked, name="report_evidence", area=row.key), place)
    gaps = [[Cell(row.label, place(row))] for row in found.gaps]
    return Report(
        "R1", figure.node.name, question,
        [_stat(_("组织"), figure.value, ORGANISATIONS.unit, question, addresses.address("organisations", figure.node, query))],
        _facts(by, question, ORGANISATIONS.rule, sheets.range_of(figure.node), ORGANISATIONS, ORGANISATIONS.version),
        [
            _counted(_("按层级"), _("层级"), found.by_level, opened("level")),
            _counted(_("按依托单位类型"), _("依托单位类型"), found.by_host_type, opened("host_type")),
            _counted(_("按组织类别"), _("组织类别"), found.by_family, opened("family")),
            districts,
            Section(_("没有组织的区"), [_("区划")], gaps, nothing=_("每个区都有。") if found.by_district else _("还没有组织登记了所在区划。"), is_narrow=True),
        ],
        evidence_href=addresses.address("organisations", figure.node, query, name="evidence"),
    )  # fmt: skip


def _r2(by: Actor, question: Question) -> Report:
    found = reports.covered(by, question)
    level, node = str(NOUNS[found.level]), Node("area", found.area)
    query = {"as_of": question.as_of.isoformat(), "family": question.family.key if question.family else ""}
    asked = Question(question.as_of, found.area.code, question.family, question.level)

    def evidence(area: Area, **more: str) -> str:
        return addresses.address("organisations", Node("area", area), {**query, **more}, name="evidence")

    def place(area: Area) -> Cell:
        return Cell(area.name, reverse("network:area", args=[area.key]) + f"?as_of={question.as_of.isoformat()}")

    rows = [
        [place(row.area), Cell(row.organisations, evidence(row.area)), Cell(row.own, evidence(row.area, level=found.level)), Cell(_("有组织") if row.organisations else pgettext("区划", "缺口"))]
        for row in found.rows
    ]
    hosts = [
        [
            Cell(one.label), Cell(one.share.covered, address("R2", asked, name="report_evidence", host_type=one.host_type)),
            Cell(one.organisations, evidence(found.area, host_type=one.host_type)), Cell(one.share.share or _("只报个数")), Cell(one.share.ground),
        ]
        for one in found.hosts
    ]  # fmt: skip
    gaps = [[place(area)] for area in found.gaps]
    host_gaps = [[Cell(host.name, reverse("network:host", args=[host.key])), Cell(one.label)] for one in found.hosts if one.share.total is not None for host in one.gaps]
    covered = _("有组织的%(level)s") % {"level": level}
    whole = _("共 %(total)s 个，占 %(share)s") % {"total": found.share.total, "share": found.share.share} if found.share.share else ""
    coarse = Section(_("所在地只登记到上一级的组织"), [_("组织名称")], [[linked(one)] for one in found.coarse_named], note=_("共 %(count)s 个，可能在缺口里") % {"count": found.coarse})
    return Report(
        "R2", found.area.name, question,
        [
            _stat(covered, found.share.covered, pgettext("区划", "个"), question, "#areas", " · ".join(filter(None, (whole, _("截至 %(day)s") % {"day": question.as_of.isoformat()})))),
            _stat(_("其中有%(level)s组织的") % {"level": level}, found.own, pgettext("区划", "个"), question, "#areas"),
        ],
        [*_facts(by, question, reports.COVERAGE_RULE, sheets.range_of(node), ORGANISATIONS, reports.VERSION), (_("名册是否齐全"), found.share.ground)],
        [
            Section(_("缺口"), [level], gaps, nothing=_("没有缺口：每个%(level)s都有组织。") % {"level": level} if rows else _("还没有载入这一级的区划。")),
            Section(_("按区划"), [level, _("组织"), _("其中%(level)s组织") % {"level": level}, _("覆盖")], rows, anchor="areas"),
            *([coarse] if found.coarse else []),
            Section(_("按依托单位类型"), [_("依托单位类型"), _("有组织的依托单位"), _("组织"), _("占比"), _("名册是否齐全")], hosts, nothing=_("当日没有组织登记依托单位。")),
            *([Section(_("没有组织的依托单位"), [_("依托单位"), _("依托单位类型")], host_gaps)] if host_gaps else []),
        ],
        evidence_href=evidence(found.area),
    )  # fmt: skip


BY = {"level": gettext_lazy("层级"), "host_type": gettext_lazy("依托单位"), "sector": gettext_lazy("系统")}


def _r3(by: Actor, question: Question) -> Report:
    found = reports.first_claims(by, question)
    families = {family.pk: family.key for family in network.families(by)}

    def opened(row: firsts.First) -> str:
        asked = {"family": families[row.group.family], "kind": row.group.kind, "group": row.group.value}
        return address("R3", Question(question.as_of, found.area.code), name="report_evidence", **asked)

    def whom(part: Sequence[firsts.Founded], none: str) -> Cell:
        bodies = tuple(linked(found.named[pk]) for one in firsts.shown(part) for pk in one.ids)
        more = len(part) - firsts.SHOWN
        return Cell(parts=(*bodies, *((Cell(_("等，另有 %(count)s 个") % {"count": more}),) if more > 0 else ()))) if bodies else Cell(none)

    def when(part: Sequence[firsts.Founded]) -> Cell:
        days = dict.fromkeys(network.founded_text(found.named[one.ids[0]]) or _("未详") for one in firsts.shown(part))
        return Cell("、".join(days), is_day=len(days) == 1)

    rows, batches = [], []
    for row in found.rows:
        name = [Cell(row.family), Cell(row.label), Cell(str(BY[row.group.kind]))]
        decision = row.decision
        verdict = firsts.why(decision) or (_("首家") if row.count > 1 else _("首家，唯一"))
        rows.append([*name, whom(decision.holders, ""), when(decision.holders), whom(decision.runners, "—"), when(decision.runners), Cell(verdict), Cell(row.count, opened(row))])
        if row.batches:
            shared = row.batches
            number = next((one.batch for one in shared.holders if one.batch), None)
            title = _("第 %(batch)d 批") % {"batch": number} if number else ""
            words = firsts.why(shared) or _("首批")
            batches.append([*name, whom(shared.holders, ""), when(shared.holders), Cell(title), whom(shared.runners, "—"), when(shared.runners), Cell(words)])
    heads = [_("类别"), pgettext("首家", "范围"), _("按什么")]
    told = sum(1 for row in found.rows if row.decision.outcome != firsts.UNDECIDED)
    unplaced = Section(_("没有登记所在地的组织"), [_("组织名称")], [[linked(one)] for one in found.unplaced_named], note=_("共 %(count)s 个，没有参加比较") % {"count": found.unplaced})
    facts = _facts(by, question, reports.FIRSTS_RULE, _("成立时所在地在%(name)s的组织") % {"name": found.area.name}, ORGANISATIONS, reports.VERSION)
    open_ = len(found.rows) - told
    return Report(
        "R3", found.area.name, question,
        [_stat(_("能判定的首家"), told, _("项"), question, "#firsts"), _stat(_("不能判定"), open_, _("项"), question, "#firsts")],
        [*facts, (_("首批"), str(reports.BATCHES_RULE))],
        [
            Section(_("首家"), [*heads, _("首家"), _("成立"), _("其次"), _("成立"), _("判定"), _("比较了几个")], rows, nothing=_("当日还没有登记所在地的组织。"), anchor="firsts"),
            Section(_("首批"), [*heads, _("首批"), _("成立"), _("批次"), _("其次"), _("成立"), _("判定")], batches, nothing=_("还没有几个组织一起成立的记录。")),
            *([unplaced] if found.unplaced else []),
        ],
        evidence_href=addresses.address("organisations", Node("area", found.area), {"as_of": question.as_of.isoformat()}, name="evidence"),
    )  # fmt: skip


def _r4(by: Actor, question: Question) -> Report:
    found = reports.members(by, question)
    figure, node = found.figure, found.figure.node
    query = addresses.query_of(figure)
    here = [part.organisation.pk for part in found.parts]
    clerked = set(Organisation.objects.seen_by(by).filter(pk__in=here).filter(pk__in=by.reach(MEMBER_CLERK)).values_list("pk", flat=True))

    def opened(one: Organisation) -> str:
        return addresses.address(MEMBERS.id, Node("organisation", one), {"as_of": question.as_of.isoformat()})

    def cohorts(part: reports.Part) -> Cell:
        href = reverse("members:batches", args=[part.organisation.key]) if part.organisation.pk in clerked else None
        told = [Cell(_cohort(number, count, part.still[number]), href) for number, count in part.cohorts.items()]
        return Cell(parts=tuple(told)) if told else Cell("—")

    def moved(part: reports.Part) -> list[Cell]:
        if question.period is None:
            return []
        place = Node("organisation", part.organisation)
        counts = ((JOINED, part.joined), (LEFT, part.left), (GROWTH, part.joined - part.left))
        return [Cell(count, addresses.address(one.id, place, question.period.question)) for one, count in counts]

    rows = [[linked(part.organisation), Cell(part.members, opened(part.organisation)), *moved(part), cohorts(part)] for part in found.parts]
    hidden = _("另有 %(count)s 个组织的会员数，您没有看的权限，不在表里。") % {"count": found.hidden} if found.hidden else ""
    locked = _("这个数要把各组织都算进去，您不是每一个都有权看，所以不显示；有权看的列在下面。") if figure.value is None else ""
    stats = [_stat(one.indicator.label, one.value, one.indicator.unit, question, addresses.address(one.indicator.id, node, query), sheets.note_of(one)) for one in (figure, found.persons)]
    flows = [_stat(one.indicator.label, one.value, one.indicator.unit, question, addresses.address(one.indicator.id, node, addresses.query_of(one)), sheets.note_of(one)) for one in found.flows if one.value is not None]
    facts = _facts(by, question, MEMBERS.rule, sheets.range_of(node), MEMBERS, MEMBERS.version)
    heads = [pgettext("一个", "组织"), _("会员"), _("入会批次")]
    if question.period:
        facts += [(_("时段"), str(question.period)), (str(JOINED.label), str(JOINED.rule)), (str(LEFT.label), str(LEFT.rule))]
        heads[2:2] = [_("入会"), _("离会"), _("净增")]
    return Report(
        "R4", node.name, question,
        [*(stats if figure.value is not None else []), *flows],
        facts,
        [Section(_("按组织"), heads, rows, note=_("只算本级，不含下级"), nothing=_("这里没有您能看到会员数的组织，或者当日没有会员。"))],
        [note for note in (locked, hidden, found.note) if note],
    )  # fmt: skip


def _cohort(number: str, count: Any, still: int | None) -> str:
    words = {"number": number, "count": count, "still": still}
    if not isinstance(count, int):
        return _("第%(number)s批：%(count)s") % words
    return _("第%(number)s批 %(count)s 人") % words if still is None else _("第%(number)s批 %(count)s 人，现仍为会员 %(still)s 人") % words


PAGES: dict[str, Callable[[Actor, Question], Report]] = {"R1": _r1, "R2": _r2, "R3": _r3, "R4": _r4}
