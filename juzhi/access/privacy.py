"""What this room answers a person about himself: the account, duties held now and before, one-time links sent."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from juzhi.access.models import Account, Grant, Invitation
from juzhi.base.actors import ZONE, Actor
from juzhi.base.privacy import Declared, Item, declare


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" if moment else ""


def account_items(by: Actor) -> list[Item]:
    account = Account.objects.filter(person__key=by.person_key).first()
    if account is None:
        return []
    password = _("已设，只存算不回去的摘要") if account.has_usable_password() else _("没有设，只能用一次性链接登录")
    told = [
        Item(_("登录名"), account.login),
        Item(_("邮箱"), account.email),
        Item(_("密码"), password),
        Item(_("开通时间"), _at(account.made_at)),
        Item(_("上次登录"), _at(account.last_login)),
        Item(_("停用时间"), _at(account.disabled_at)),
    ]
    return [one for one in told if one.value]


def grant_items(by: Actor) -> list[Item]:
    """Duties held now and before. Who gave them is not named."""
    rows = Grant.objects.seen_by(by).filter(account__person__key=by.person_key).select_related("organisation").order_by("valid_from", "pk")
    return [
        Item(one.organisation.name, _now("%(duty)s（%(reach)s）") % {"duty": one.get_duty_display(), "reach": one.get_reach_display()}, _span(one))
        for one in rows
    ]


def _span(one: Grant) -> str:
    span = _now("%(since)s 起，%(until)s 止") if one.valid_to else _now("%(since)s 起")
    return " · ".join(part for part in (span % {"since": one.valid_from, "until": one.valid_to}, one.purpose) if part)


def invitation_items(by: Actor) -> list[Item]:
    rows = Invitation.objects.system("links sent to the person who asks").filter(person__key=by.person_key).select_related("organisation").order_by("made_at", "pk")
    return [
        Item(one.get_kind_display(), one.organisation.name if one.organisation else "", _life(one))
        for one in rows
    ]


def _life(one: Invitation) -> str:
    life = _now("%(made)s 发出 · %(used)s 用过") if one.used_at else _now("%(made)s 发出 · %(expires)s 失效")
    return life % {"made": _at(one.made_at), "used": _at(one.used_at), "expires": _at(one.expires_at)}


ERASED = _("职责交回以后，向所在组织的个人信息保护联系人提出；抹去时账号停用，登录名、邮箱、密码、二次验证和链接全部删掉。")

declare(
    Declared(
        "access.account",
        _("账号"),
        _("让您本人登录，别人冒用不了。"),
        _("开通后一直保存；停用的只留登录名和时间，用来查证过去的操作。"),
        ERASED,
        (
            "access.Account.password",
            "access.Account.last_login",
            "access.Account.login",
            "access.Account.email",
            "access.Account.made_at",
            "access.Account.disabled_at",
        ),
        account_items,
        _("一个没有姓名的账号编号和停用时间，用来查证过去的操作。"),
    ),
    Declared(
        "access.grants",
        _("我的职责"),
        _("说明您为哪个组织办事、能看到什么；组织的「谁能看到，为什么」页上也列着。"),
        _("一直保存，结束以后仍可查到当时谁负责。"),
        _("职责可以随时交回；抹去个人信息时去掉姓名。"),
        ("access.Grant.account", "access.Grant.duty", "access.Grant.organisation", "access.Grant.reach"),
        grant_items,
        _("不带姓名的授权记录：别人要查得到当时有几个账号、凭什么看得到他们的资料。"),
    ),
    Declared(
        "access.invitations",
        _("发给我的一次性链接"),
        _("让您开通账号或登录一次。"),
        _("链接几天后失效；发过、用过的时间留作查证，链接本身只存算不回去的摘要。"),
        ERASED,
        ("access.Invitation.digest",),
        invitation_items,
    ),
)
