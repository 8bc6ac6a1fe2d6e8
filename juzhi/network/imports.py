"""The kind of file `orgs`: a list of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from juzhi.base.access import SECRETARY
from juzhi.base.importers import CREATE, UPDATE, Field, Importer, Row, declare
from juzhi.base.periods import DAY, parse_date

# Families as people name them: short form -> long form.
FAMILIES = {
    "知联会": "党外知识分子联谊会",
    "新联会": "新的社会阶层人士联谊会",
    "网联会": "网络人士联谊会",
    "工商联": "工商业联合会",
    "欧美同学会": "留学人员联谊会",
}
LEVELS = {
    **dict.fromkeys(("市", "市级", "市一级", "全市", "城市"), "city"),
    **dict.fromkeys(("区", "区级", "区一级", "县级", "县", "区县", "区（县）"), "district"),
    **dict.fromkeys(("街道", "街道级", "街道一级", "镇", "乡镇", "镇街", "镇（街道）"), "subdistrict"),
    **dict.fromkeys(("社区", "社区级", "村", "村居"), "community"),
    **dict.fromkeys(("楼宇", "楼宇级", "大厦", "商务楼宇"), "building"),
    **dict.fromkeys(("园区", "园区级", "产业园", "产业园区", "工业园"), "park"),
    **dict.fromkeys(("单位", "单位级", "企事业单位", "企业", "事业单位", "高校", "医院", "基层单位"), "unit"),
    **dict.fromkeys(("系统", "系统级", "行业系统", "行业"), "sector"),
    **{word: word for word in ("city", "district", "subdistrict", "community", "building", "park", "unit", "sector")},
}
HOST_TYPES = {
    **dict.fromkeys(("公立医院", "医院", "公办医院"), "公立医院"),
    **dict.fromkeys(("高等学校", "高校", "大学", "学校", "高等院校"), "高等学校"),
    **dict.fromkeys(("科研院所", "研究院", "科研机构", "研究所"), "科研院所"),
    **dict.fromkeys(("市属国企", "国企", "国有企业", "市属国有企业"), "市属国企"),
    **dict.fromkeys(("楼宇", "大厦", "商务楼宇"), "楼宇"),
    **dict.fromkeys(("园区", "产业园", "产业园区"), "园区"),
    **dict.fromkeys(("社区",), "社区"),
    **dict.fromkeys(("企业", "民营企业", "公司"), "企业"),
    **dict.fromkeys(("系统", "行业系统"), "系统"),
    **dict.fromkeys(("其他", "其它"), "其他"),
}
STATES = {**dict.fromkeys(("存续", "正常", "在册", "活动", "有效"), "active"), **dict.fromkeys(("注销", "已注销", "终止", "已终止", "撤销", "已撤销"), "ended")}

# How an exported list says it.
LEVELS_SAID = (
    (_("市级"), "city"),
    (_("区级"), "district"),
    (_("街道"), "subdistrict"),
    (_("社区"), "community"),
    (_("楼宇"), "building"),
    (_("园区"), "park"),
    (_("单位"), "unit"),
    (_("系统"), "sector"),
)
STATES_SAID = ((_("存续"), "active"), (_("%(day)s 终止"), "ended"))
REASONS = {
    "unknown_level": _("看不懂「层级」，请写：市级、区级、街道、社区、楼宇、园区、单位、系统"),
    "missing_level": _("没有写「层级」，请补填：市级、区级、街道、社区、楼宇、园区、单位、系统"),
    "missing_family": _("没有写「组织类别」，请补填，例如：知联会、新联会"),
    "unknown_superior": _("找不到「上级组织」，文件里没有，系统里也没有。请核对名称，或先把上级录入"),
    "ambiguous_superior": _("「上级组织」可能是好几个组织，请写全称"),
    "circular_superior": _("它的「上级组织」又在它之下，成了循环，请改正「上级组织」一列"),
    "ambiguous_name": _("系统里有好几个组织叫这个名称，请写明「上级组织」"),
    "superior_refused": _("它的「上级组织」那一行有问题，没有导入，所以这一行也不能导入"),
    "not_your_branch": _("这一行不在您负责的组织之下，请交给相应的组织或运维导入"),
    "unknown_family": _("没有这个「组织类别」，请运维先登记"),
    "impossible_date": _("成立时间或终止时间不可能（早于 1900 年，或在一年以后），请核对"),
}

ORGANISATIONS = declare(
    Importer(
        kind="orgs",
        declared_in=__name__,
        label=_("组织名单"),
        duty=SECRETARY,
        same=(("name", "superior"), ("name",)),
        told=("name", "alias", "family", "superior", "host", "host_type", "area", "source", "level", "founded", "batch", "ended", "mobile"),
        to_organisation=False,
        leads_to="network:branch",
        leads_word=_("去看组织"),
        likenesses={"name": _("名称相同")},
        reasons=REASONS,
        warnings={"ends_organisation": _("会登记这个组织终止：{}")},
        fields=(
            Field("no", _("序号"), ("编号", "序", "no"), stored=False, classed="internal"),
            Field("name", _("组织名称"), (_("名称"), "组织", "组织全称", "全称", "协会名称", "商会名称", "团体名称", "分会名称"), required=True, limit=120, classed="public"),
            Field("alias", _("别名"), ("简称/别名", "简称", "又名", "曾用名", "其他名称", "简称或别名"), limit=120, classed="public"),
            Field("family", _("组织类别"), ("类别", "组织类型", "系列", "所属系列", "组织系列"), required=True, limit=40, fills_down=True, classed="public"),
            Field("level", _("层级"), ("级别", "组织层级", "组织级别", "层次"), kind="choice", required=True, choices=LEVELS, said=LEVELS_SAID, classed="public"),
            Field("superior", _("上级组织"), ("上级", "隶属", "隶属组织", "上级单位", "所属上级", "主管组织"), limit=120, fills_down=True, classed="public"),
            Field("host", _("依托单位"), ("依托", "挂靠单位", "所在单位", "依托主体"), limit=120, classed="public"),
            Field("host_type", _("依托单位类型"), ("依托类型", "单位类型", "挂靠单位类型"), kind="choice", choices=HOST_TYPES, classed="public"),
            Field("area", _("所在区"), ("所在区划", "区域", "行政区", "所属区", "所在地", "辖区"), limit=60, fills_down=True, classed="public"),
            Field("founded", _("成立时间"), ("成立日期", "成立年月", "建立时间", "设立时间"), kind="date", classed="public"),
            Field("batch", _("批次"), ("成立批次", "批"), kind="number", classed="public"),
            Field("state", _("状态"), ("组织状态", "存续状态", "登记状态"), kind="state", choices=STATES, said=STATES_SAID, parts=("ended",), classed="public"),
            Field("ended", _("终止时间"), ("终止日期", "注销时间", "注销日期", "撤销时间"), kind="date", classed="public"),
            Field("contact", _("联系人"), ("联络人", "联络员", "对接人"), limit=60),
            Field("mobile", _("联系电话"), ("电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"), kind="telephone"),
            Field("source", _("来源"), ("数据来源", "出处"), limit=60, classed="public"),
            Field("remark", _("备注"), ("说明", "附注"), limit=300, classed="internal"),
        ),
    )
)


def tally(rows: Sequence[Row], as_of: date) -> dict[str, Any]:
    """What a report must show of these rows alone, as of a day: the federation's first family, by level, host type and source."""
    written = [row.values for row in rows if row.action in (CREATE, UPDATE)]
    family = written[0]["family"] if written else ""
    own = [one for one in written if one["family"] == family]
    standing = [one for one in own if _first(one["founded"]) <= as_of and (not one["ended"] or as_of < _first(one["ended"]))]
    return {
        f"{family}_as_of": len(standing),
        "rows_created": sum(1 for row in rows if row.action == CREATE),
        "founded_later": sum(1 for one in own if _first(one["founded"]) > as_of),
        "dissolved_before": sum(1 for one in own if one["ended"] and _first(one["ended"]) <= as_of),
        "other_families": len(written) - len(own),
        "by_level": _counted(standing, "level"),
        "by_host_type": _counted(standing, "host_type"),
        "by_source": _counted(standing, "source"),
        "district_coverage": _coverage(standing),
        "first": _firsts(standing),
        "first_batch_of_parks": sum(1 for one in standing if one["level"] == "park" and one["batch"] == 1),
    }


def _first(text: str | None) -> date:
    return (parse_date(text).on if text else None) or date(1900, 1, 1)


def _counted(rows: Sequence[dict[str, Any]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in rows:
        label = one[name] or "（无）"
        found[label] = found.get(label, 0) + 1
    return found


def _coverage(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Areas with an organisation of the district level, of all areas that occur."""
    return [len({one["area"] for one in rows if one["level"] == "district"}), len({one["area"] for one in rows if one["area"]})]


def _firsts(rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The earliest of each kind of place, where its date is known to the day and no other may be as early: a month may hide the earlier day."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        label = {"subdistrict": "街道"}.get(one["level"]) or (one["host"] if one["level"] == "sector" else one["host_type"])
        if label and one["founded"]:
            groups.setdefault(label, []).append(one)
    found = {}
    for label, ones in groups.items():
        ones.sort(key=lambda one: _first(one["founded"]))
        if parse_date(ones[0]["founded"]).precision != DAY or len(ones) > 1 and ones[0]["batch"] is not None:
            continue
        rival = next((one for one in ones[1:] if _first(one["founded"]) <= (parse_date(ones[0]["founded"]).last or date.max)), None)
        if rival is None:
            found[label] = ones[0]["name"]
    return found
