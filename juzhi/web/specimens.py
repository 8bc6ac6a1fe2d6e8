"""The gallery's data: every component in every state, all of it invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from juzhi.base.cells import Hidden
from juzhi.base.periods import Period
from juzhi.web import queries
from juzhi.web.forms import SpecimenForm

GROUPS = ("marks", "numbers", "drawings", "blocks", "states", "lists", "forms", "files")  # files of templates/web/specimens/
LEVELS = (("区级", 9, 0), ("街道", 5, 2), ("社区", 3, 0), ("楼宇", 3, 1), ("园区", 6, 1), ("单位", 25, 2))


@dataclass(frozen=True)
class Side:
    """One half of the gallery: its theme, and forms of its own so that no id stands twice."""

    theme: str
    label: str
    blank: SpecimenForm
    wrong: SpecimenForm
    stale: SpecimenForm
    part: SpecimenForm
    dialog: str
    as_of: str
    as_of_wrong: str
    period: str
    period_wrong: str
    period_closed: str


def everything(request: HttpRequest) -> dict[str, Any]:
    """The data of all specimens, and the two sides. The page itself takes the reader's theme, light unless dark was chosen."""
    sides = [side("light", _("浅色")), side("dark", _("深色"))]
    return {"sides": sides, "groups": [f"web/specimens/{name}.html" for name in GROUPS], "theme_scope": "dark" if request.COOKIES.get("theme") == "dark" else "light", "data": data()}


def side(theme: str, label: str) -> Side:
    filled = {"name": "云塔大厦知联会", "founded": "2042-03", "kind": "site", "status": "branch", "reason": "市局批文第 7 号", "tell": "on", "version": "3"}
    wrong = SpecimenForm(filled, auto_id=f"{theme}-wrong-%s")
    stale = SpecimenForm({**filled, "founded": "2021-03"}, auto_id=f"{theme}-stale-%s")
    stale.stale = [(_("组织名称"), "云塔大厦知联会", "云塔大厦知联会（筹）"), (_("依据"), "市局批文第 7 号", "市局批文第 7 号")]  # type: ignore[attr-defined]
    blank, part = SpecimenForm(auto_id=f"{theme}-blank-%s"), SpecimenForm(auto_id=f"{theme}-part-%s")
    own = [f"{theme}{name}" for name in ("-dialog", "_as_of", "_as_of_wrong", "-period", "-period-wrong", "-period-closed")]
    return Side(theme, label, blank, wrong, stale, part, *own)


def data() -> dict[str, Any]:
    return {
        "rings": [{"label": label, "count": count, "new": new} for label, count, new in LEVELS],
        "many": [{"label": label, "count": count} for label, count in (("东湖区", 212), ("西山区", 96), ("北岭区", 64))],
        "bars": [{"label": _("公立医院"), "value": 12, "href": "#"}, {"label": _("高等学校"), "value": 6}, {"label": _("楼宇"), "value": 0}, {"label": _("不足 5 的"), "value": None}, {"label": _("园区"), "value": Hidden()}],
        "hidden": Hidden(),
        "months": [{"label": f"2024-{month:02}", "value": value} for month, value in enumerate((38, 38, 41, 44, 52, 52, 54), start=1)],
        "growth": [{"label": f"2024-{month:02}", "value": value} for month, value in enumerate((3, 0, -2, 5, None, -1, 4), start=1)],
        "quarter": Period(date(2024, 4, 1), date(2024, 6, 30)),
        "days": Period(date(2024, 3, 5), date(2024, 4, 7)),
        "line": [{"label": str(year), "day": date(year, 12, 31), "value": value, "text": str(value)} for year, value in ((2018, 52), (2020, 58), (2021, 61), (2024, 67))],
        "tiles": [{"label": label, "value": value, "href": "#"} for label, value in (("东湖", 7), ("西山", 5), ("北岭", 3), ("港前", 1), ("果园", 0))],
        "crumbs": [(_("组织"), "#"), (_("东湖区知联会"), "#"), (_("云塔大厦知联会"), None)],
        "names": [(_("副会长"), ["尉迟喆", "曾　琪"]), ("", ["丁　永", "田　富", "田大利", "单飞燕", "迪力夏提·艾合买提", "𠮷野家"])],
        "tabs": [
            {"label": _("概况"), "href": "#", "count": None, "current": True},
            {"label": _("会员"), "href": "#", "count": 39, "icon": "users"},
            {"label": _("变更记录"), "href": "#", "count": None},
        ],
        "figures": [{"label": _("新增"), "href": "#", "count": 128, "icon": "circle-check"}, {"label": _("疑似重复"), "href": "#", "count": 6, "icon": "users", "current": True}],
        "picks": [queries.Pick("a", _("云塔大厦知联会"), _("知联会 · 楼宇 · 2018-04-10")), queries.Pick("b", _("云塔大厦新联会"), _("新联会 · 楼宇"), is_chosen=True)],
        "steps": [_("选文件"), _("对列"), _("试运行"), _("写入")],
        "life": [
            {"title": _("成立"), "at": "2018-04-10", "text": "云塔大厦知联会", "state": "done"},
            {"title": _("改隶"), "at": "2024-01-01", "text": _("东湖区知联会"), "state": "now", "href": "#"},
            {"title": _("换届"), "at": "2027-04", "text": "", "state": "next"},
        ],
        "facts": [(_("算的是"), _("截至当日已成立、未终止的组织")), (_("不含"), _("指导关系、外部团体")), (_("版本"), _("第 1 版，2024-01-01 起"))],
        "lines": [_("会员号 00218"), _("2024-03 入会 · 有效")],
        "page": page_of(3),
        "only": page_of(1, 12),
        "none": page_of(1, 0),
        "rows": [("单飞燕", "云塔大厦知联会", "00012", "2019-03-16"), ("尉迟喆", "果园社区知联会", "00093", "2022-02"), ("张伟", "港前街道分会", "00204", _("未详"))],
        "chips": [(_("东湖区，含下级"), "#"), (_("2024 年入会"), "#")],
        "diff": [(_("组织名称"), "云塔大厦知联会", "云塔大厦知联会（筹）"), (_("依据"), "市局批文第 7 号", "市局批文第 7 号")],
        "pair": [(_("姓名"), "张伟", "张伟"), (_("单位"), "云海示例公司 二部", "云海示例公司"), (_("手机尾号"), "0002", "0003")],
    }


def page_of(number: int, count: int = 640) -> Page[Any]:
    return Paginator(range(count), 50).page(number)
