"""The columns of an indicator's evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from juzhi.base.indicators import Indicator
from juzhi.base.periods import PartialDate
from juzhi.web.replies import Column


def columns(indicator: Indicator) -> list[Column]:
    """What the list shows of each record: of a flow its own day first, of a growth how it counted."""
    added = [ADDED] if indicator.growth else []
    if indicator.organisation == "pk":
        name, *others = ORGANISATION_COLUMNS
        return [name, *added, *([DISSOLVED] if indicator.growth or indicator.day == "dissolved_on" else []), *others]
    name, organisation, number, joined = MEMBER_COLUMNS
    if indicator.growth:
        return [name, organisation, *added, joined, ENDED, REASON, number]
    if indicator.day == "ended_on":
        return [name, organisation, ENDED, REASON, joined, number]
    if indicator.attribute is not None:
        return [name, organisation, BATCH, joined, ENDED, number]
    return MEMBER_COLUMNS


def day(on: Any, precision: str) -> str:
    """A day as far as it is known; "" where nothing is: the day kept then is the one of entry."""
    return str(PartialDate(on, precision or "day")) if on and precision != "unknown" else ""


ORGANISATION_COLUMNS = [
    Column("name", gettext_lazy("组织名称"), lambda o: o.name, sort="pinyin_key", classed="public"),
    Column("family", gettext_lazy("类别"), lambda o: o.family.name, sort="family__name", classed="public"),
    Column("level", gettext_lazy("层级"), lambda o: o.get_level_display(), sort="level", classed="public"),
    Column("founded", gettext_lazy("成立"), lambda o: day(o.founded_on, o.founded_precision), sort="founded_on", classed="public"),
    Column("source", gettext_lazy("来源"), lambda o: o.source, sort="source", classed="public"),
]
DISSOLVED = Column("dissolved", pgettext_lazy("时刻", "终止"), lambda o: day(o.dissolved_on, o.dissolved_precision), sort="dissolved_on", classed="public")
MEMBER_COLUMNS = [
    Column("name", gettext_lazy("姓名"), lambda m: m.person.name, sort="person__pinyin_key", classed="personal"),
    Column("organisation", pgettext_lazy("一个", "组织"), lambda m: m.organisation.name, sort="organisation__pinyin_key", classed="public"),
    Column("number", gettext_lazy("会员号"), lambda m: m.number, sort="number", classed="personal"),
    Column("joined", gettext_lazy("入会"), lambda m: day(m.joined_on, m.joined_precision), sort="joined_on", classed="personal"),
]
ENDED = Column("ended", gettext_lazy("离会"), lambda m: (day(m.ended_on, m.ended_precision) or _("未详")) if m.is_over else "", sort="ended_on", classed="personal")
REASON = Column("reason", gettext_lazy("离会原因"), lambda m: m.get_end_reason_display(), sort="end_reason", classed="personal")
BATCH = Column("batch", gettext_lazy("入会批次"), lambda m: str(m.batch), sort="batch__number", classed="personal")
ADDED = Column("added", gettext_lazy("计入"), lambda row: f"{row.added:+d}" if row.added else "0", sort="added", classed="public")
