"""What this room answers a person about himself: every spell of membership, past ones included."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from juzhi.base.actors import Actor
from juzhi.base.privacy import Declared, Item, declare
from juzhi.members import queries


def spell_items(by: Actor) -> list[Item]:
    rows = queries.own_spells(by)
    return [Item(one.organisation.name, queries.state_words(one), " · ".join(f"{what} {value}" for what, value in queries.spell_facts(one)[1:])) for one in rows]


declare(
    Declared(
        "members.memberships",
        _("会籍"),
        _("记下您在哪些组织入会、离会，用来开会通知、选举和统计人数；统计时不带姓名。"),
        _("一直保存，过去的人数才对得上；离会满三年，原组织的名册不再列出您。"),
        _("离会以后，向所在组织的个人信息保护联系人提出；抹去时去掉姓名、会员号和会内职务。"),
        (
            "members.Membership.organisation",
            "members.Membership.number",
            "members.Membership.batch",
            "members.Membership.joined_on",
            "members.Membership.joined_precision",
            "members.Membership.ended_on",
            "members.Membership.ended_precision",
            "members.Membership.end_reason",
            "members.Membership.org_role",
        ),
        spell_items,
        _("哪个组织、从哪天到哪天、怎么离会：不带姓名，让过去的人数不变。"),
    ),
)
