"""Publish a number, restate it when the past has changed, and say why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.hedges import parse
from juzhi.base.text import clean_text
from juzhi.figures import queries, rules
from juzhi.figures.models import NODES, Reading, Restatement
from juzhi.figures.queries import Change, Figure
from juzhi.journal.actions import record
from juzhi.network.models import Organisation

WHY_AT_MOST = 300  # characters


@action
def publish(*, by: Actor, figure: Figure, seen: int | None = None, hedge: str = "") -> Reading:
    """Freeze a figure as it stands now and show it to everybody: number, rule, and the records behind it. `seen` = the number that was confirmed.

    `hedge` = how public texts say it (1600余), kept beside the number. Refuses without right, another number than was seen, a day to come, a period that is no whole
    calendar month, quarter or year or is not over, a hedge that is not true of the number, and a second reading of the same question for the same month or period.
    Of persons over a group that is not one organisation it refuses those who came and went, a day that is not the end of a month, and fewer than ten (by themselves, or
    by subtraction from what was published of the month): neighbours a few days apart would tell who came and went.
    """
    type(figure.node.thing).objects.system("one reading at a time").select_for_update().get(pk=figure.node.thing.pk)
    figure = queries.evaluate(by, figure.indicator, figure.node, figure.as_of, figure.narrowing, figure.since, is_recounted=True)
    if not rules.may_publish(by, figure):
        raise Forbidden()
    _check_days(by, figure)
    if seen is not None and seen != figure.value:
        raise Refused(_("没有发布：页面打开以后记录有变动，这个数从 %(seen)s 变成了 %(value)s，请看过再发布") % {"seen": seen, "value": figure.value}, code="state")
    _check_cells(by, figure)
    return _frozen(by, figure, _hedged(figure, hedge))


def _check_cells(by: Actor, figure: Figure) -> None:
    """Nothing of few persons is told by it, nor by subtraction."""
    if queries.is_flow_of_group(figure):
        raise Refused(_("按分组（区划、依托单位、层级、类别、原因）的入会、离会和净增不发布：与别的数相减，能认出人来。请发布整个组织的"), code="state")
    if queries.is_between(by, figure):
        raise Refused(_("按分组的人数只按月末发布，请改成一个已经过完的月的最后一天"), field="as_of", code="state")
    if queries.is_small(by, figure):
        raise Refused(_("人数太少：少于 10 人的数公开后能认出人来，不发布"), code="state")
    if queries.leaves_few(by, figure):
        raise Refused(_("与这个月已发布的数相减，会得出少于 10 人的数，公开后能认出人来，不发布"), code="state")


def _hedged(figure: Figure, text: str) -> str | None:
    """The wording as it is kept; None without one. Refuses what cannot be read, and what is not true of the number."""
    if not text.strip():
        return None
    hedge = parse(text)
    if hedge is None:
        raise Refused(_("看不懂这个表述，请写成 1600余、近1700、超15万、约1000 这样，只写数和一个表述词"), field="hedge")
    if not isinstance(figure.value, int) or not hedge.is_true_of(figure.value):
        words = {"hedge": hedge.chinese, "bounds": queries.in_bounds(hedge), "value": figure.value}
        raise Refused(_("“%(hedge)s”与这个数不符：它说的是%(bounds)s，这个数是 %(value)s") % words, field="hedge")
    return hedge.chinese


def _check_days(by: Actor, figure: Figure) -> None:
    """The day or period may be published, and was not yet."""
    period, before = figure.period, queries.of_question(by, figure)
    if period is None:
        if figure.as_of > by.today:
            raise Refused(_("截至的日子还没有到，不能发布"), field="as_of")
        earlier = before.filter(as_of__year=figure.as_of.year, as_of__month=figure.as_of.month).first()
        if earlier is not None:
            raise Refused(_("这个月已经发布过这个数（截至 %(day)s，%(value)s）；每月最多发布一次") % {"day": earlier.as_of.isoformat(), "value": earlier.value}, field="as_of", code="state")
        return
    if not period.kind:
        raise Refused(_("时段的数只按整年、整季、整月发布；%(period)s不是") % {"period": period}, field="from")
    if figure.as_of >= by.today:
        raise Refused(_("%(period)s还没有过完，不能发布") % {"period": period}, field="from")
    earlier = before.filter(since=figure.since, as_of=figure.as_of).first()
    if earlier is not None:
        raise Refused(_("%(period)s的这个数已经发布过（%(value)s）；每段时间只发布一次") % {"period": period, "value": earlier.value}, field="from", code="state")


def _frozen(by: Actor, figure: Figure, hedge: str | None) -> Reading:
    records, narrowing, told = queries.records_of(by, figure), figure.narrowing, figure.indicator
    with override("zh-hans"):  # kept words are Chinese, whatever language the page is in
        words = {"rule": str(told.rule), "excludes": str(told.excludes), "source": str(told.source)}
    reading = Reading.objects.create(
        indicator=told.id,
        definition_version=told.version,
        **words,
        **{kind: figure.node.thing if kind == figure.node.kind else None for kind in NODES},
        since=figure.since,
        as_of=figure.as_of,
        family=narrowing.family,
        level=narrowing.level,
        host_type=narrowing.host_type,
        attribute=narrowing.attribute,
        value=figure.value if isinstance(figure.value, int) else 0,  # always a number: who may publish sees it
        hedge=hedge,
        records=" ".join(records),
        digest=queries.digest_of(records),
        computed_at=by.at,
        published_at=by.at,
        published_by=by.key[:60],
    )
    record(by=by, verb="figures.publish", thing=reading, organisation_id=_place(reading), changes={"value": (None, reading.value), "as_of": (None, reading.as_of.isoformat())})
    return reading


@action
def restate(*, by: Actor) -> list[Restatement]:
    """Ask every published question again, and open a restatement where the records of today answer otherwise. Returns the new ones, none the second time.

    By the clock and by `juzhi figures verify`; refuses everybody but the product itself.
    """
    if not by.is_system:
        raise Forbidden()
    return [_opened(by, one) for one in list(queries.changes(by))]


def _opened(by: Actor, change: Change) -> Restatement:
    made = Restatement.objects.create(
        reading=change.reading,
        old=change.old,
        new=change.new,
        came=len(change.came),
        left=len(change.left),
        causes=change.causes,
        records=" ".join(change.records),
        digest=queries.digest_of(change.records),
        at=by.at,
    )
    record(by=by, verb="figures.restate", thing=change.reading, organisation_id=_place(change.reading), changes={"value": (change.old, change.new)})
    return made


@action
def explain(*, by: Actor, restatement: Restatement, why: str) -> Restatement:
    """Say once, in a sentence that everybody will read, why a published number is another now. Refuses without right, an empty sentence, and a second one."""
    held = Restatement.objects.system("lock to explain").select_for_update(of=("self",)).select_related("reading__organisation", "reading__area", "reading__host", "reading__sector").get(pk=restatement.pk)
    if not rules.may_explain(by, held.reading):
        raise Forbidden()
    said = clean_text(why, field="why", label=_("说明"), limit=WHY_AT_MOST)
    if not said:
        raise Refused(_("请用一句话写明为什么这个数变了，大家都会看到"), field="why")
    if held.why is not None:
        raise Refused(_("已经说明过了，不能再改"), code="state")
    held.why, held.explained_at, held.explained_by = said, by.at, by.key[:60]
    held.save(update_fields=["why", "explained_at", "explained_by"])
    record(by=by, verb="figures.explain", thing=held.reading, organisation_id=_place(held.reading), reason=said)
    return held


def _place(reading: Reading) -> int | None:
    """The organisation whose auditors read of it in the journal."""
    return reading.thing.pk if isinstance(reading.thing, Organisation) else None
