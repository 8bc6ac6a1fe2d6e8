"""Accounts, grants and one-time links: who may sign in, and what they may do where, since when and why."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import AUDITOR, DUTIES, MEMBER_CLERK, PROTECTION_CONTACT, SECRETARY, Nobody, Of, Own
from juzhi.base.ids import LENGTH, new_key
from juzhi.base.models import Keyed, Versioned
from juzhi.base.periods import last_day
from juzhi.network.models import Organisation
from juzhi.people.models import Person

DUTY_LABELS: dict[str, Any] = {
    "secretary": _("组织管理"),
    "member_clerk": _("会员管理"),
    "statistician": _("统计"),
    "auditor": _("审计"),
    "protection_contact": _("个人信息保护联系人"),
    "publisher": _("发布"),
    "operator": _("运维"),
}
LINK_DAYS = 7  # how long a one-time link is good
TAKEOVER = "takeover"  # source of a grant by which a superior cares for what nobody holds
CARED_FOR = (SECRETARY, MEMBER_CLERK)  # duties that a superior takes over


class AccountManager(BaseUserManager["Account"]):
    """Django's sign-in asks for accounts by login; accounts are exempt from scope by list (house rules)."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser):
    """A sign-in, one to one with a person. Disabled by a date, never deleted."""

    key = models.CharField(_("编号"), max_length=LENGTH, unique=True, default=new_key, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account", verbose_name=_("本人"))
    login = models.CharField(_("登录名"), max_length=60, unique=True)
    email = models.EmailField(_("邮箱"), blank=True)
    made_at = models.DateTimeField(_("开通时间"))
    disabled_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    scope = Own("key")
    classes = {
        "id": "internal",
        "key": "internal",
        "password": "sensitive",
        "last_login": "personal",
        "person": "internal",
        "login": "personal",
        "email": "personal",
        "made_at": "personal",
        "disabled_at": "personal",
    }
    recorded = {"second_factor": "personal"}  # kept by the journal beside the fields

    class Meta:
        verbose_name = _("账号")
        constraints = [models.UniqueConstraint(Lower("login"), name="account_login_any_case")]

    def get_short_name(self) -> str:
        """What the page calls the reader: the person's name; the sign-in where the name is gone."""
        return self.person.name or self.login

    def __str__(self) -> str:
        return self.login

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.disabled_at is None


class Reach(models.TextChoices):
    OWN = "own", _("仅本级")
    SUBTREE = "subtree", _("含下级")


class Grant(Versioned):
    """A duty at an organisation, dated, with the purpose in words. It stands on the organisation's page: who can see this, and why."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    duty = models.CharField(_("职责"), max_length=20, choices=[(d, DUTY_LABELS[d]) for d in DUTIES])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants", verbose_name=_("组织"))
    reach = models.CharField(_("范围"), max_length=8, choices=Reach.choices, default=Reach.OWN)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.CharField(_("授权人"), max_length=60)
    source = models.CharField(_("来由"), max_length=60, blank=True)

    scope = Of("organisation", (SECRETARY, AUDITOR, PROTECTION_CONTACT), own="account__person__key")
    classes = {
        **Versioned.classes,
        "account": "personal",
        "duty": "personal",
        "organisation": "personal",
        "reach": "personal",
        "purpose": "internal",
        "valid_from": "internal",
        "valid_to": "internal",
        "granted_by": "internal",
        "source": "internal",
    }

    class Meta:
        verbose_name = _("授权")
        indexes = [models.Index(fields=["organisation", "duty"], name="grant_organisation")]

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None = open."""
        return last_day(self.valid_to)


class Invitation(Keyed):
    """A one-time link: to open an account for a person, or to sign in once. Only the digest of its secret is kept."""

    class Kind(models.TextChoices):
        JOIN = "join", _("开通账号")
        SIGN_IN = "sign_in", _("登录一次")

    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations", verbose_name=_("人员"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("组织"))
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    made_by = models.CharField(_("发出人"), max_length=60)
    made_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    scope = Nobody("the secret is in the link; the row is read by its digest")
    classes = {
        **Keyed.classes,
        "kind": "internal",
        "person": "internal",
        "organisation": "internal",
        "digest": "sensitive",
        "made_by": "internal",
        "made_at": "internal",
        "expires_at": "internal",
        "used_at": "internal",
    }

    class Meta:
        verbose_name = _("一次性链接")
