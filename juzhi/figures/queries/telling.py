"""How a published number is shown: on its page, in lists, to programs, in the feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.base.actors import ZONE, Actor
from juzhi.base.cells import Hidden, in_words
from juzhi.base.indicators import DISTINCT, INDICATORS, Indicator
from juzhi.figures.models import Reading, Restatement
from juzhi.figures.queries import evaluation
from juzhi.figures.queries.addresses import address, query_of, when
from juzhi.figures.queries.cells import is_cell, opens_all
from juzhi.figures.queries.evaluation import Figure
from juzhi.figures.queries.public import publicly
from juzhi.figures.queries.published import narrowing_of, node_of, readings
from juzhi.figures.queries.sheets import narrowed, range_of
from juzhi.figures.queries.wordings import Wording, wording
from juzhi.journal.models import VERBS
from juzhi.web.replies import Column


@dataclass(frozen=True)
class Published:
    """A reading as a page shows it."""

    reading: Reading
    label: str
    unit: str
    node: str
    range: str
    narrowed: str
    standing: int | Hidden  # the number as last told: the reading's, or that of its last restatement
    restatements: list[dict[str, Any]]
    figure_href: str
    when: str  # as of which day, or over which period, in words
    wording: Wording | None = None  # how public texts say it, and whether the number as last told still allows it

    @property
    def title(self) -> str:
        return f"{self.node}{_('：')}{self.label}"


def published(one: Reading, by: Actor | None = None) -> Published:
    """A reading with its words and what became of it; its restatements are those fetched with it. With `by` also which records moved, for a reader who may see the number."""
    declared = INDICATORS[one.indicator]
    figure = Figure(declared, node_of(one), one.as_of, narrowing_of(one), one.value, one.computed_at, one.since)
    is_open = by is not None and _sees_records(by, figure)
    told = [_restated(each, figure, is_open) for each in one.restatements.all()]  # type: ignore[attr-defined]
    return Published(
        reading=one,
        label=str(declared.label),
        unit=str(declared.unit),
        node=figure.node.name,
        range=range_of(figure.node),
        narrowed=narrowed(figure),
        standing=told[-1]["new"] if told else one.value,
        restatements=told,
        figure_href=address(declared.id, figure.node, query_of(figure)),
        when=when(figure),
        wording=wording(one.hedge, told[-1]["new"] if told else one.value),
    )


def _sees_records(by: Actor, figure: Figure) -> bool:
    """Whether a reader is told how many records came and went since it was published: who may see the number, of a cell only who may open the list."""
    if is_cell(figure.indicator, figure.node, figure.narrowing) and not opens_all(by, figure):
        return False
    return evaluation.may_see(by, figure.indicator, evaluation.organisations_of(by, figure.node, figure.as_of, figure.since))


def _restated(one: Restatement, figure: Figure, is_open: bool) -> dict[str, Any]:
    told = sentence(one, figure.indicator) if is_open else ""
    old, new = (publicly(figure.indicator, figure.node, figure.narrowing, value) for value in (one.old, one.new))
    return {
        "key": one.key,
        "old": old,
        "new": new,
        "at": one.at,
        "title": f"{old} → {new}" + (f"{_('：')}{one.why}" if one.why else ""),
        "note": " · ".join(filter(None, [_("%(day)s 发现") % {"day": _when(one.at)[:10]}, told, _no_more(one.reading.hedge, new)])),
        "sentence": told,
        "why": one.why,
        "explain_href": reverse("figures:explain", args=[one.key]),
    }


def _no_more(hedge: str | None, value: Any) -> str:
    """That the published wording does not hold of the new number, in words; "" where it does, or there is none."""
    told = wording(hedge, value)
    return _("公开表述“%(hedge)s”不再成立：%(rule)s") % {"hedge": told.text, "rule": told.rule} if told and told.stands is False else ""


def sentence(one: Restatement, declared: Indicator) -> str:
    """What happened, as far as the records tell it by themselves."""
    causes = "、".join(_("%(verb)s %(count)s 条") % {"verb": VERBS.get(verb, verb), "count": count} for verb, count in one.causes)
    moved = _("多了 %(came)s 条记录，少了 %(left)s 条") % {"came": one.came, "left": one.left}
    if not (one.came or one.left):
        moved = _("记录没有变，人与记录的对应变了") if declared.measure == DISTINCT else _("记录没有变")
    return f"{moved}{_('；')}{_('此后的变更：%(causes)s') % {'causes': causes}}" if causes else moved


def facts_of_reading(one: Reading) -> list[tuple[str, Any]]:
    """How it was told, as it was frozen."""
    told = published(one)
    return [
        (_("算的是"), one.rule),
        (_("范围"), f"{told.range} · {told.narrowed}" if told.narrowed else told.range),
        (_("时段"), str(one.period)) if one.period else (_("截至"), one.as_of.isoformat()),
        (_("不含"), one.excludes),
        (_("来源"), one.source),
        (_("版本"), _("第 %(version)s 版口径") % {"version": one.definition_version}),
        (_("发布于"), when_published(one)),
        (_("所据记录的摘要"), one.digest[:16]),
    ]


def when_published(one: Reading) -> str:
    return _when(one.published_at)


def _when(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def as_data(told: Published, address_of: str) -> dict[str, Any]:
    """A published number for programs: everything that is public about it."""
    one = told.reading
    return {
        "url": address_of,
        "indicator": one.indicator,
        "label": told.label,
        "unit": told.unit,
        "definition_version": one.definition_version,
        "rule": one.rule,
        "excludes": one.excludes,
        "source": one.source,
        "node": {"kind": one.node_kind, "key": one.thing.key, "name": told.node},
        **({"period": {"from": one.since.isoformat(), "to": one.as_of.isoformat()}} if one.since else {"as_of": one.as_of.isoformat()}),
        "cut": {"family": one.family.name if one.family else "", "level": one.level, "host_type": one.host_type, "attribute": one.attribute},
        "value": one.value,
        "hedge": one.hedge or "",
        "hedge_holds": told.wording.stands if told.wording else None,
        "published_at": one.published_at.isoformat(),
        "evidence_digest": one.digest,
        "standing_value": in_words(told.standing),
        "restatements": [{"old": in_words(each["old"]), "new": in_words(each["new"]), "at": each["at"].isoformat(), "why": each["why"] or ""} for each in told.restatements],
    }


@dataclass(frozen=True)
class News:
    """A line of the feed: something published, or restated."""

    key: str
    mark: str
    title: str
    text: str
    at: datetime


def news(by: Actor, most: int) -> list[News]:
    """What was published or restated last, the newest first."""
    found = []
    for told in map(published, readings(by)[:most]):
        one = told.reading
        question = f"{told.title}{_('，')}{told.when}"
        found.append(News(one.key, one.key, f"{question}{_('：')}{one.value} {told.unit}", one.rule, one.published_at))
        found += [
            News(one.key, each["key"], _("重述：%(question)s，%(old)s → %(new)s") % {"question": question, "old": each["old"], "new": each["new"]}, each["why"] or _no_more(one.hedge, each["new"]), each["at"])
            for each in told.restatements
        ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


READING_COLUMNS = [
    Column("as_of", gettext_lazy("截至或时段"), lambda one: str(one.period or one.as_of.isoformat()), sort="as_of", classed="public"),
    Column("node", gettext_lazy("在哪里"), lambda one: one.thing.name, classed="public"),
    Column("indicator", gettext_lazy("指标"), lambda one: str(INDICATORS[one.indicator].label), sort="indicator", classed="public"),
    Column("value", gettext_lazy("发布的数"), lambda one: one.value, sort="value", classed="public"),
    Column("hedge", gettext_lazy("公开表述"), lambda one: one.hedge or "", classed="public"),
    Column("standing", gettext_lazy("现在的数"), lambda one: published(one).standing, classed="public"),
    Column("published_at", gettext_lazy("发布于"), when_published, sort="published_at", classed="public"),
]
