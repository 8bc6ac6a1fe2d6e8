"""What the box of complaints keeps about a person: their signed words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.base.actors import ZONE, Actor
from juzhi.base.privacy import Declared, Item, declare
from juzhi.portal import queries


def items(by: Actor) -> list[Item]:
    """Only what was signed: an unsigned one cannot be told to be anybody's."""
    return [
        Item(
            label=_("写过的投诉与建议"),
            value=one.text,
            note=" · ".join(part for part in (one.made_at.astimezone(ZONE).strftime("%Y-%m-%d"), one.reply_to, _("已答复") if one.is_answered else _("待答复")) if part),
        )
        for one in queries.own_complaints(by)
    ]


COMPLAINTS = Declared(
    name="portal.complaints",
    title=lazy("投诉与建议"),
    purpose=lazy("处理您提的意见并答复"),
    retention=lazy("留到您要求删去为止"),
    erasure=lazy("向个人信息保护联系人提出；抹去时署名、内容、答复和联系办法都去掉"),
    kept=lazy("某天收到过一条意见，不带内容。"),
    columns=("portal.Complaint.text", "portal.Complaint.reply_to", "portal.Complaint.actor_key", "portal.Complaint.answer"),
    items=items,
)
declare(COMPLAINTS)
