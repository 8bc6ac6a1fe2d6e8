"""Open and disable accounts, invite, grant and revoke duties, take over what the last holder left."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from juzhi.access import queries, rules
from juzhi.access.models import DUTY_LABELS, Account, Grant, Invitation, Reach
from juzhi.base.access import DUTIES, MEMBER_CLERK, READS_PERSONS, SECRETARY
from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.journal.actions import record
from juzhi.network.models import Organisation, Placement
from juzhi.people.models import Person, Tie

LINK_DAYS = 7
CARED_FOR = (SECRETARY, MEMBER_CLERK)


@action
def open_account(*, by: Actor, person: Person, login: str, password: str | None = None, email: str = "") -> Account:
    """Open the account of a person. Without a password it is entered by a one-time link only.

    Refuses a person who has one, and a login that is taken or holds other signs than letters, digits and `._-@+`.
    """
    if not by.is_system and by.person_key != person.key:
        raise Forbidden("账号由本人凭邀请链接开通")
    login = clean_text(login, field="login", label="登录名", limit=60)
    if not login or not all(c.isalnum() or c in "._-@+" for c in login):
        raise Refused("登录名只能用文字、数字和 . _ - @ +", field="login")
    if Account.objects.filter(person=person).exists():
        raise Refused("已经有账号了，请直接登录", code="state")
    if Account.objects.filter(login__iexact=login).exists():
        raise Refused("这个登录名已有人用，请换一个", field="login", code="conflict")
    account = Account(person=person, login=login, email=email)
    _set_password(account, password)
    account.save()
    record(by=by, verb="access.open_account", thing=account, changes={"login": (None, login)})
    return account


def _set_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise Refused("；".join(error.messages), field="password") from error
    account.set_password(password)


@action
def disable_account(*, by: Actor, account: Account, reason: str) -> Account:
    """Shut an account: its sessions and grants give nothing from the next request on."""
    if not rules.may_disable(by, account):
        raise Forbidden()
    if account.disabled_at is not None:
        raise Refused("这个账号已经停用", code="state")
    account.disabled_at = by.at
    account.save(update_fields=["disabled_at"])
    record(by=by, verb="access.disable_account", thing=account, changes={"disabled_at": (None, by.at.isoformat())}, reason=reason)
    for grant in Grant.objects.system("orphans of a disabled account").filter(queries.valid_on(by.today), account=account).select_related("organisation"):
        _take_over_if_orphaned(by, grant.organisation, grant.duty)
    return account


@action
def invite(*, by: Actor, person: Person, organisation: Organisation | None, kind: str = Invitation.Kind.JOIN, days: int = LINK_DAYS) -> tuple[Invitation, str]:
    """Make a one-time link for a person. Returns the row and the secret, which is shown once and kept only as a digest.

    Refuses an inviter without the right, a person the organisation is not tied to, and a sign-in link for a person without an account.
    """
    if not by.is_system:
        if organisation is None or not rules.may_invite(by, organisation, person) or kind != Invitation.Kind.JOIN:
            raise Forbidden()
        tied = Tie.objects.system("is the person tied here").filter(queries.valid_on(by.today), organisation=organisation, person=person)
        if not tied.exists():
            raise Refused("这个人与本组织没有在册关系，不能邀请", field="person")
    has_account = Account.objects.filter(person=person).exists()
    if kind == Invitation.Kind.JOIN and has_account:
        raise Refused("这位会员已经有账号了", code="state")
    if kind == Invitation.Kind.SIGN_IN and not has_account:
        raise Refused("还没有账号，不能发登录链接", code="state")
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        kind=kind,
        person=person,
        organisation=organisation,
        digest=digest_of(secret),
        made_by=by.key,
        made_at=by.at,
        expires_at=by.at + timedelta(days=days),
    )
    record(by=by, verb="access.invite", thing=invitation, organisation_id=organisation.pk if organisation else None)
    return invitation, secret


def digest_of(secret: str) -> str:
    """The kept form of a link's secret; 192 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


@action
def accept(*, by: Actor, secret: str, login: str = "", password: str = "") -> Account:
    """Use a one-time link: opens the account with this login and password, or names the account that may sign in once.

    Refuses a link that is unknown, used or expired, all three in the same words.
    """
    invitation = queries.open_invitation(digest_of(secret), by.at)
    if invitation is None:
        raise Refused("这个链接已经用过、过期或不存在，请向发给您的人再要一个", code="state")
    taken = Invitation.objects.system("use the link once").filter(pk=invitation.pk, used_at__isnull=True).update(used_at=by.at)
    if not taken:
        raise Refused("这个链接已经用过、过期或不存在，请向发给您的人再要一个", code="state")
    if invitation.kind == Invitation.Kind.SIGN_IN:
        account = Account.objects.get(person=invitation.person)
        if not account.is_active:
            raise Refused("这个账号已停用，请联系管理人员", code="state")
        record(by=by, verb="access.accept", thing=invitation)
        return account
    account = open_account(by=_Self(by, invitation.person.key), person=invitation.person, login=login, password=password)
    record(by=by, verb="access.accept", thing=invitation)
    return account


class _Self:
    """The invited person acting for themselves: they hold the link, not yet an account."""

    def __init__(self, by: Actor, person_key: str) -> None:
        self._by, self.person_key = by, person_key

    def __getattr__(self, name: str) -> Any:
        return getattr(self._by, name)


@action
def grant(
    *,
    by: Actor,
    account: Account,
    duty: str,
    organisation: Organisation,
    reach: str = Reach.OWN,
    purpose: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str = "",
) -> Grant:
    """Give a duty at an organisation. Refuses more than the giver has, a giver's own account, a subtree without a purpose in words,
    a disabled account, a period that ends before it starts, and a grant that is there already.
    """
    if duty not in DUTIES:
        raise Refused("没有这个职责", field="duty")
    orphaned = not _superiors(organisation, by.today) and SECRETARY not in queries.duties_covering(organisation, by.today)
    if not rules.may_grant(by, account, duty, organisation, reach) and not rules.may_bootstrap(by, organisation, duty, orphaned):
        raise Forbidden("不能授予自己没有的权限，不能授到自己范围之外，也不能授给自己")
    purpose = clean_text(purpose, field="purpose", label="用途", limit=200)
    if rules.is_far(reach) and duty in READS_PERSONS and not purpose:
        raise Refused("「含下级」会看到下级的个人信息，请写明用途", field="purpose")
    valid_from = valid_from or by.today
    if valid_to is not None and valid_to <= valid_from:
        raise Refused("结束日期要晚于开始日期", field="valid_to")
    if not account.is_active:
        raise Refused("这个账号已停用", field="account", code="state")
    Organisation.objects.system("lock for grant").select_for_update().get(pk=organisation.pk)
    same = Grant.objects.system("twice").filter(account=account, duty=duty, organisation=organisation, reach=reach)
    if same.filter(queries.valid_on(valid_from)).exists():
        raise Refused("这项授权已经有了", code="conflict")
    made = Grant.objects.create(
        account=account,
        duty=duty,
        organisation=organisation,
        reach=reach,
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=by.key,
        source=source,
    )
    _record_grant(by, "access.grant", made, {"duty": (None, duty), "reach": (None, reach)}, purpose)
    _end_takeovers(by, made)
    return made


@action
def revoke(*, by: Actor, grant: Grant, reason: str, version: int | None = None) -> Grant:
    """Take a duty back as of today. When its last holder goes, the nearest superior takes over, visibly."""
    grant = Grant.objects.system("lock for revoke").select_for_update().select_related("account", "organisation").get(pk=grant.pk)
    if not rules.may_revoke(by, grant):
        raise Forbidden()
    grant.claim(version)
    if grant.valid_to is not None and grant.valid_to <= by.today:
        raise Refused("这项授权已经结束", code="state")
    grant.valid_to = max(by.today, grant.valid_from)
    grant.save(update_fields=["valid_to", "version"])
    _record_grant(by, "access.revoke", grant, {"valid_to": (None, grant.valid_to.isoformat())}, reason)
    _take_over_if_orphaned(by, grant.organisation, grant.duty)
    return grant


@action
def take_over(*, by: Actor, organisation: Organisation, duty: str) -> list[Grant]:
    """Give `duty` at an organisation that nobody holds it at any more to its holders at the nearest superior. Returns the new grants."""
    if duty in queries.duties_covering(organisation, by.today):
        return []
    for superior in _superiors(organisation, by.today):
        holders = Grant.objects.system("who takes over").filter(queries.valid_on(by.today), organisation=superior, duty=duty)
        accounts = {g.account_id: g.account for g in holders.filter(account__disabled_at__isnull=True).select_related("account")}
        made = [
            Grant.objects.create(
                account=account,
                duty=duty,
                organisation=organisation,
                reach=Reach.OWN,
                purpose=f"代管：{organisation.name}的{DUTY_LABELS[duty]}暂缺，由上级{superior.name}接管",
                valid_from=by.today,
                granted_by=by.key,
                source="takeover",
            )
            for account in accounts.values()
        ]
        for one in made:
            _record_grant(by, "access.take_over", one, {"duty": (None, duty)}, one.purpose)
        if made:
            return made
    return []


def _take_over_if_orphaned(by: Actor, organisation: Organisation, duty: str) -> None:
    if duty in CARED_FOR:
        take_over(by=by, organisation=organisation, duty=duty)


def _end_takeovers(by: Actor, made: Grant) -> None:
    """A new holder ends the superior's care."""
    cared = Grant.objects.system("end the care").filter(organisation=made.organisation, duty=made.duty, source="takeover", valid_to__isnull=True)
    for old in cared.exclude(pk=made.pk).select_related("organisation", "account"):
        old.valid_to = max(by.today, old.valid_from)
        old.version += 1
        old.save(update_fields=["valid_to", "version"])
        _record_grant(by, "access.revoke", old, {"valid_to": (None, old.valid_to.isoformat())}, "已有新的负责人，代管结束")


def _record_grant(by: Actor, verb: str, made: Grant, changes: dict[str, tuple[Any, Any]], reason: str) -> None:
    record(by=by, verb=verb, thing=made, organisation_id=made.organisation_id, changes=changes, reason=reason)


def _superiors(organisation: Organisation, day: date) -> list[Organisation]:
    """Legal parents today, nearest first."""
    found: list[Organisation] = []
    present: Organisation | None = organisation
    while present is not None and len(found) < 20:
        placed = Placement.objects.system("who stands above").select_related("parent").filter(queries.valid_on(day), organisation=present).first()
        present = placed.parent if placed else None
        if present is not None:
            found.append(present)
    return found
