"""The kind of file `roster`: a list of an organisation's members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.importers import CREATE, UPDATE, Field, Importer, Row, declare
from juzhi.base.periods import parse_date

ROSTER = declare(
    Importer(
        kind="roster",
        label=_("会员花名册"),
        duty=MEMBER_CLERK,
        same=(("name", "mobile"), ("name", "unit", "birth")),
        defaults={"state": "active"},
        in_pieces=True,
        told=("name", "gender", "unit", "duty", "title", "email", "org_role", "state", "birth", "joined", "mobile"),
        fields=(
            Field("no", _("序号"), ("编号", "序", "no"), stored=False, classed="internal"),
            Field("name", _("姓名"), ("会员姓名", "名字", "会员"), kind="name", required=True, limit=50),
            Field("gender", _("性别"), kind="gender"),
            Field("birth", _("出生年月"), ("出生日期", "出生时间", "出生年月日", "生日"), kind="date"),
            Field("education", _("学历"), ("最高学历", "文化程度", "全日制教育", "在职教育", "学位", "最高学位", "学历学位", "学历/学位"), stored=False),
            Field("school", _("毕业院校"), ("毕业学校", "毕业院校及专业", "毕业院校系及专业", "专业", "所学专业"), stored=False),
            Field("age", _("年龄"), stored=False),
            Field("unit", _("单位"), ("工作单位", "所在单位", "单位名称", "现工作单位", "部门"), limit=160, fills_down=True),
            Field("duty", _("职务"), ("现任职务", "行政职务", "岗位"), limit=120),
            Field("title", _("职称"), ("专业技术职务", "专业技术职务任职资格", "技术职称"), limit=60),
            Field("mobile", _("手机"), ("手机号", "手机号码", "联系电话", "联系方式", "电话", "移动电话"), kind="mobile"),
            Field("email", _("邮箱"), ("电子邮箱", "e-mail", "email", "电子邮件"), kind="email"),
            Field("number", _("会员号"), ("会员编号", "证号", "会员证号"), limit=40),
            Field("joined", _("入会时间"), ("入会日期", "加入时间", "入会年月"), kind="date"),
            Field("batch", _("入会批次"), ("批次", "批"), kind="number"),
            Field("org_role", _("会内职务"), ("本会职务", "知联会职务", "商会职务", "协会职务"), limit=40),
            Field("ended", _("离会时间"), ("退会时间", "退会日期", "离会日期"), kind="date"),
            Field("remark", _("备注"), ("说明", "附注"), kind="remark", stored=False),
        ),
    )
)
KINDS = {"roster": ROSTER}


def tally(rows: Sequence[Row], as_of: date) -> dict[str, Any]:
    """What a report must show of these rows alone: members as of a day, those who left or died, distinct persons."""
    written = [row.values for row in rows if row.action in (CREATE, UPDATE)]
    active = [one for one in written if one["state"] == "active" and _first(one["joined"]) <= as_of]
    return {
        "active_members": len(active),
        "left": sum(1 for one in written if one["state"] == "left"),
        "deceased": sum(1 for one in written if one["state"] == "deceased"),
        "distinct_persons": len(written),
    }


def _first(text: str | None) -> date:
    return (parse_date(text).on if text else None) or date(1900, 1, 1)
