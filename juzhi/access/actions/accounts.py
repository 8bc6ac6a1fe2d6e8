"""Open and disable accounts, one-time links, mail of the sign-in pages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from juzhi.access import queries, rules
from juzhi.access.actions.grants import grant, left_by, lock
from juzhi.access.models import LINK_DAYS, Account, Grant, Invitation, Reach
from juzhi.base.access import OPERATOR, SECRETARY
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.jobs import outbox
from juzhi.journal.actions import record
from juzhi.network.models import Organisation
from juzhi.people.actions import enter
from juzhi.people.models import Person, Tie

FIRST_DUTIES = (OPERATOR, SECRETARY)  # what the first account holds; it gives the rest
SPENT = gettext_lazy("这个链接已经用过、过期或不存在，请向发给您的人再要一个")
TAKEN = gettext_lazy("这个登录名已有人用，请换一个")
SECOND_FACTORS = {"totp": "验证器", "webauthn": "安全密钥", "recovery_codes": "恢复码"}  # as they are kept, whatever language the page is in
HAS_ONE = gettext_lazy("已经有账号了，请直接登录")


@action
def open_account(*, by: Actor, person: Person, login: str, password: str | None = None, email: str = "") -> Account:
    """Open the account of a person. Without a password it is entered by a one-time link only.

    Refuses everybody but the person (and the product itself), a person who has one, a login that is taken in any case or holds other signs
    than letters, digits and `._-@+`, and a password that is too short or too common.
    """
    if not by.is_system and by.person_key != person.key:
        raise Forbidden(_("账号由本人凭邀请链接开通"))
    login = clean_text(login, field="login", label=_("登录名"), limit=60)
    if not login or not all(c.isalnum() or c in "._-@+" for c in login):
        raise Refused(_("登录名只能用文字、数字和 . _ - @ +"), field="login")
    _check_free(person, login)
    account = Account(person=person, login=login, email=email, made_at=by.at)
    _set_password(account, password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        _check_free(person, login)  # somebody else was a moment faster
        raise
    record(by=by, verb="access.open_account", thing=account, changes={"login": (None, login)})
    return account


@action
def open_first(*, by: Actor, login: str, name: str, organisation: Organisation, duties: Sequence[str] = FIRST_DUTIES) -> tuple[Account, str]:
    """The first account of an installation: a person, their account, these duties at an organisation and all beneath it, and a one-time link.
    Returns the account and the secret of the link.

    Refuses everybody but the command line, where somebody is secretary or operator already (who grants from then on), while the demonstration is
    loaded, duties that are not a first one's, and whatever opening an account refuses.
    """
    if not by.is_system:
        raise Forbidden()
    if organisation.example:
        raise Refused(_("「%(name)s」是演示数据：正式使用前请先去掉演示数据（juzhi demo --remove）") % {"name": organisation.name}, code="state")
    if not duties or set(duties) - set(FIRST_DUTIES):
        raise Refused(_("第一个账号只能担任：%(duties)s") % {"duties": "、".join(FIRST_DUTIES)}, field="duty")
    lock([organisation.pk])
    if queries.somebody_governs(by.today):
        raise Refused(_("已经有人负责组织管理或运维：新账号请由其邀请，职责由其在「授权」页授予；忘了密码的，用 juzhi account 登录名 --link 网址"), code="state")
    person = enter(by=by, name=name, organisation_id=organisation.pk)
    account = open_account(by=by, person=person, login=login)
    for duty in duties:
        grant(by=by, account=account, duty=duty, organisation=organisation, reach=Reach.SUBTREE, purpose="第一个账号")
    _row, secret = invite(by=by, person=person, organisation=None, kind=Invitation.Kind.SIGN_IN)
    return account, secret


def _check_free(person: Person, login: str) -> None:
    if Account.objects.filter(person=person).exists():
        raise Refused(str(HAS_ONE), code="state")
    if Account.objects.filter(login__iexact=login).exists():
        raise Refused(str(TAKEN), field="login", code="conflict")


def _set_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise Refused(_("；").join(error.messages), field="password") from error
    account.set_password(password)


@action
def change_password(*, by: Actor, account: Account, password: str) -> Account:
    """Set the password somebody chose for himself; sessions elsewhere end at once. The journal says that it was changed, never what it is.

    Refuses another person's account, and a password that is too short or too common.
    """
    if not by.is_system and by.key != account.key:
        raise Forbidden(_("密码只能由本人修改"))
    _set_password(account, password)
    account.save(update_fields=["password"])
    record(by=by, verb="access.change_password", thing=account)
    return account


@action
def note_second_factor(*, by: Actor, account: Account, kind: str, is_on: bool) -> None:
    """Write into the journal that somebody turned a way of the second factor on or off (`kind`: totp, webauthn, recovery_codes), never its secret.

    Refuses another person's account.
    """
    if not by.is_system and by.key != account.key:
        raise Forbidden(_("两步验证只能由本人开关"))
    word = SECOND_FACTORS.get(kind, kind)
    record(by=by, verb="access.note_second_factor", thing=account, changes={"second_factor": ("", word) if is_on else (word, "")})


@action
def disable_account(*, by: Actor, account: Account, reason: str) -> Account:
    """Shut an account: its sessions and grants give nothing from the next request on, and superiors take over what it was the last to hold.

    Refuses without right (an operator whose reach covers every duty of the account), without a reason, and twice.
    """
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    if not rules.may_disable(by, account):
        raise Forbidden()
    reason = clean_text(reason, field="reason", label=_("原因"), limit=200)
    if not reason:
        raise Refused(_("请写明为什么停用，会记入变更记录"), field="reason")
    if account.disabled_at is not None:
        raise Refused(_("这个账号已经停用"), code="state")
    held = list(Grant.objects.system("what a disabled account leaves").filter(queries.valid_on(by.today), account=account).select_related("organisation"))
    lock(grant.organisation_id for grant in held)
    account.disabled_at = by.at
    account.save(update_fields=["disabled_at"])
    record(by=by, verb="access.disable_account", thing=account, changes={"disabled_at": (None, by.at.isoformat())}, reason=reason)
    left_by(by, account, {(grant.organisation_id, grant.duty) for grant in held})
    return account


@action
def invite(*, by: Actor, person: Person, organisation: Organisation | None, kind: str = Invitation.Kind.JOIN, days: int = LINK_DAYS) -> tuple[Invitation, str]:
    """Make a one-time link for a person. Returns the row and the secret, which is shown once and kept only as a digest.

    A second invitation by the same organisation makes the first one worthless. Refuses an inviter without the right, a person the organisation
    is not tied to, one who has an account already, and a sign-in link for a person without an account.
    """
    if not by.is_system:
        if organisation is None or not rules.may_invite(by, organisation) or kind != Invitation.Kind.JOIN:
            raise Forbidden()
        tied = Tie.objects.system("is the person tied here").filter(queries.valid_on(by.today), organisation=organisation, person=person)
        if not tied.exists():
            raise Refused(_("这个人与本组织没有在册关系，不能邀请"), field="person")
    has_account = Account.objects.filter(person=person).exists()
    if kind == Invitation.Kind.JOIN and has_account:
        raise Refused(_("这位会员已经有账号了"), code="state")
    if kind == Invitation.Kind.SIGN_IN and not has_account:
        raise Refused(_("还没有账号，不能发登录链接"), code="state")
    if kind == Invitation.Kind.JOIN:
        older = Invitation.objects.system("the newest link counts").filter(person=person, organisation=organisation, kind=kind, used_at__isnull=True)
        older.filter(expires_at__gt=by.at).update(expires_at=by.at)
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        kind=kind,
        person=person,
        organisation=organisation,
        digest=digest_of(secret),
        made_by=by.key[:60],
        made_at=by.at,
        expires_at=by.at + timedelta(days=days),
    )
    record(by=by, verb="access.invite", thing=invitation, organisation_id=organisation.pk if organisation else None)
    return invitation, secret


def digest_of(secret: str) -> str:
    """The kept form of a link's secret; 192 random bits need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@action
def accept(*, by: Actor, secret: str, login: str = "", password: str = "") -> Account:
    """Use a one-time link: opens the account with this login and password, or names the account that may sign in once, with a new password if one is given.

    Refuses a link that is unknown, used or expired, all three in the same words; and whatever `open_account` refuses, the link then stays good.
    """
    invitation = queries.open_invitation(digest_of(secret), by.at)
    if invitation is None:
        raise Refused(str(SPENT), code="state")
    unused = Invitation.objects.system("use the link once").filter(pk=invitation.pk, used_at__isnull=True)
    if not unused.update(used_at=by.at):
        raise Refused(str(SPENT), code="state")
    if invitation.kind == Invitation.Kind.SIGN_IN:
        account = _entering(invitation, password)
    else:
        account = open_account(by=_Self(by, invitation.person.key), person=invitation.person, login=login, password=password)
    record(by=by, verb="access.accept", thing=invitation)
    return account


def _entering(invitation: Invitation, password: str) -> Account:
    """The account of a sign-in link. A new password ends every session that the old one began."""
    account = Account.objects.select_for_update().get(person=invitation.person)
    if not account.is_active:
        raise Refused(_("这个账号已停用，请联系管理人员"), code="state")
    if password:
        _set_password(account, password)
        account.save(update_fields=["password"])
    return account


class _Self:
    """The invited person acting for themselves: they hold the link, not yet an account."""

    def __init__(self, by: Actor, person_key: str) -> None:
        self._by, self.person_key = by, person_key

    def __getattr__(self, name: str) -> Any:
        return getattr(self._by, name)


@action
def send_mail(*, by: Actor, email: str, subject: str, text: str) -> None:
    """Put a mail of the sign-in pages in the outbox; it leaves when this commits, and again if the mail server was away."""
    outbox.put("mail", None, to=[email], payload={"subject": subject, "text": text})
