"""The kinds of file `roster`, a list of an organisation's members, and `batch`, a list of those who were admitted together (首批会员)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import MEMBER_CLERK
from juzhi.base.importers import CREATE, SUSPECT, UPDATE, Field, Importer, Question, Row, declare
from juzhi.base.periods import parse_date

SAME_PERSON = (("name", "mobile"), ("name", "unit", "birth"))
TOLD = ("name", "gender", "unit", "duty", "title", "email", "org_role", "state", "birth", "joined", "mobile")
STATES = {
    **dict.fromkeys(("在会", "在册", "正常", "有效", "会员"), "active"),
    **dict.fromkeys(("退会", "已退会", "离会", "已离会", "退出", "注销"), "left"),
    **dict.fromkeys(("去世", "已故", "已去世", "病故"), "deceased"),
    **dict.fromkeys(("转会", "已转会", "转出"), "transferred"),
    **dict.fromkeys(("除名", "终止"), "ended"),
}


def _over(reason: str) -> str:
    return gettext("已离会（%(reason)s）") % {"reason": gettext(reason)}


_over_lazy = lazy(_over, str)
SAID: tuple[tuple[Any, str], ...] = (  # how an exported roster says it
    (_("在会"), "active"),
    (_("在会（已登记去世）"), "active"),
    *((_over_lazy(word), value) for word, value in (("退会", "left"), ("转会", "transferred"), ("终止", "ended"), ("去世", "deceased"), ("组织终止", "dissolved"))),
)
FIELDS = (
    Field("no", _("序号"), ("编号", "序", "no"), stored=False, classed="internal"),
    Field("name", _("姓名"), ("会员姓名", "名字", "会员"), kind="name", required=True, limit=50),
    Field("gender", _("性别"), kind="gender", said=((_("男"), "男"), (_("女"), "女"))),
    Field("birth", _("出生年月"), ("出生日期", "出生时间", "出生年月日", "生日"), kind="date"),
    Field("education", _("学历"), ("最高学历", "文化程度", "全日制教育", "在职教育", "学位", "最高学位", "学历学位", "学历/学位"), stored=False),
    Field("school", _("毕业院校"), ("毕业学校", "毕业院校及专业", "毕业院校系及专业", "专业", "所学专业"), stored=False),
    Field("age", _("年龄"), stored=False),
    Field("unit", _("单位"), ("工作单位", "所在单位", "单位名称", "现工作单位", "部门"), limit=160, fills_down=True),
    Field("duty", _("职务"), ("现任职务", "行政职务", "岗位"), limit=120),
    Field(
        "unit_duty",
        _("单位及职务"),
        ("所在单位及职务", "工作单位及职务", "现工作单位及职务", "单位职务", "单位和职务", "所属单位职务"),
        kind="pair",
        parts=("unit", "duty"),
        limit=160,
        fills_down=True,
        stored=False,
    ),
    Field("title", _("职称"), ("专业技术职务", "专业技术职务任职资格", "技术职称"), limit=60),
    Field("mobile", _("手机"), ("手机号", "手机号码", "联系电话", "联系方式", "电话", "移动电话"), kind="mobile"),
    Field("email", _("邮箱"), ("电子邮箱", "e-mail", "email", "电子邮件"), kind="email"),
    Field("number", _("会员号"), ("会员编号", "证号", "会员证号"), limit=40),
    Field("joined", _("入会时间"), (_("入会"), "入会日期", "入会日", "加入时间", "入会年月"), kind="date"),
    Field("batch", _("入会批次"), ("批次", "批"), kind="number"),
    Field("org_role", _("会内职务"), ("本会职务", "知联会职务", "商会职务", "协会职务"), limit=40),
    Field("organisation", _("组织"), ("所属组织",), limit=120, classed="internal"),
    Field("state", _("状态"), ("会员状态", "会籍状态"), kind="state", choices=STATES, said=SAID, parts=("ended",)),
    Field("ended", _("离会时间"), (_("离会"), "退会时间", "退会日期", "离会日期"), kind="date"),
    Field("remark", _("备注"), ("说明", "附注"), kind="remark", stored=False, parts=("state", "ended")),
)
OVER = "membership_over"  # how a row resembles somebody whose membership here has ended
LIKENESSES = {OVER: _("会籍已结束"), "mobile": _("手机号相同"), "name_number": _("姓名和会员号相同"), "name_unit": _("姓名和单位相同"), "name_birth": _("姓名和出生日期相同")}
REASONS = {
    "is_deceased": _("名册里这个人已登记去世，不能重新入会；是另一个人的，请补上单位、手机或出生年月再导入"),
    "future_date": _("入会时间、离会时间或出生日期在将来，请核对"),
    "ended_before": _("离会时间早于入会时间，请核对（备注里写的也算）"),
    "ended_before_birth": _("离会或去世的时间早于出生日期，请核对"),
    "overlaps": _("离会时间落在这个人以前的一段会籍里，请核对离会时间"),
    "death_elsewhere": _("不能为这个人登记去世：要由这个人所在的组织办理"),
    "changed_since": _("试运行之后名册有了变化：这一行现在已在册或疑似重复，没有写入，请把这一行重新导入"),
    "person_gone": _("这一行像的那个人现在看不到了，没有写入，请把这一行重新导入"),
    "organisation_over": _("入会时这个组织已经终止，请核对入会时间"),
    "born_later": _("入会时间早于出生日期，请核对"),
    "other_organisation": _("「组织」一列写的是别的组织，请到那个组织去导入这一行"),
    "missing_batch": _("没有写是第几批，请在「入会批次」一列补填，或上传时在页面上填"),
}
DECIDES = {OVER: {"again": _("重新入会"), "same": _("仍是已离会"), "new": _("不同的人，新增"), "later": _("先放着")}}
WARNINGS = {
    OVER: _("在本组织的会籍已结束（{}），名单里又有。是重新入会吗？"),
    "was_member": _("在本组织的会籍已结束（{}），组织也已终止，会籍不变"),
    "namesake_here": _("名册里已有同名的人，按另一个人新增；如是同一个人，请补上手机、单位或会员号再导入"),
    "ends_membership": _("会结束这段会籍：{}"),
    "not_the_same": _("选「同一个」的话，这一行写不进去：{}"),
    "ends_and_died": _("会结束这段会籍，并登记去世：{}"),
}

ROSTER = declare(
    Importer(
        kind="roster",
        declared_in=__name__,
        label=_("会员花名册"),
        duty=MEMBER_CLERK,
        same=SAME_PERSON,
        defaults={"state": "active"},
        told=TOLD,
        tells_namesakes=True,
        in_pieces=True,
        fields=FIELDS,
        leads_to="members:organisation_roster",
        leads_word=_("去看名册"),
        likenesses=LIKENESSES,
        decides=DECIDES,
        reasons=REASONS,
        warnings=WARNINGS,
    )
)
BATCH = declare(
    Importer(
        kind="batch",
        declared_in=__name__,
        label=_("入会批次名单"),
        duty=MEMBER_CLERK,
        same=SAME_PERSON,
        defaults={"state": "active"},
        told=(*(name for name in TOLD if name not in ("title", "org_role", "state")), "batch"),
        tells_namesakes=True,
        in_pieces=True,
        fields=FIELDS,
        questions=(
            Question("batch", _("第几批"), _("例如：1、首批、第二批。文件里「入会批次」一列写了的，以文件为准。"), required=True),
            Question("joined", _("这一批的入会时间"), _("例如：2018-06-22、2018-06。文件里「入会时间」一列写了的，以文件为准。")),
        ),
        leads_to="members:batches",
        leads_word=_("去看入会批次"),
        likenesses=LIKENESSES,
        decides=DECIDES,
        reasons=REASONS,
        warnings=WARNINGS,
    )
)


def tally(rows: Sequence[Row], as_of: date) -> dict[str, Any]:
    """What a report must show of these rows alone: members as of a day, those who left or died, distinct persons."""
    written = [row.values for row in rows if row.action in (CREATE, UPDATE)]
    active = [one for one in written if one["state"] == "active" and _first(one["joined"]) <= as_of]
    return {
        "active_members": len(active),
        "left": sum(1 for one in written if one["state"] not in ("active", "deceased")),
        "deceased": sum(1 for one in written if one["state"] == "deceased"),
        "distinct_persons": len(written),
    }


def tally_batches(rows: Sequence[Row], as_of: date) -> dict[str, Any]:
    """How many of these rows were admitted in each batch, whatever became of them."""
    found = Counter(row.values["batch"] for row in rows if row.action in (CREATE, UPDATE, SUSPECT) and row.values.get("batch"))
    return {f"batch_{number}": found[number] for number in range(1, max([2, *found]) + 1)}


def _first(text: str | None) -> date:
    return (parse_date(text).on if text else None) or date(1900, 1, 1)
