"""What we tell the sign-in library: nobody signs up by themselves, mail leaves through the outbox, failures are counted per address; and who may ask for each of its pages."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juzhi.access import actions
from juzhi.access.models import Account
from juzhi.base.access import ANYONE, SIGNED_IN, Access
from juzhi.base.actors import System

TOLD = {  # what the library would write a mail about: the way of the second factor, and whether it is on now
    "mfa/email/totp_activated": ("totp", True),
    "mfa/email/totp_deactivated": ("totp", False),
    "mfa/email/webauthn_added": ("webauthn", True),
    "mfa/email/webauthn_removed": ("webauthn", False),
    "mfa/email/recovery_codes_generated": ("recovery_codes", True),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用，请联系管理人员"),
        "enter_current_password": _("现在的密码不对，请再输一次"),
        "incorrect_password": _("密码不对，请再输一次"),
        "too_many_login_attempts": _("输错的次数太多，请等五分钟再试；忘了密码，请向系统运维要一个一次性登录链接"),
        "username_password_mismatch": _("登录名或密码不对，请核对大小写后再试"),
        "rate_limited": _("试得太快了，请等一分钟再试"),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def populate_username(self, request: Any, user: Any) -> None:
        """The login is chosen at the invitation."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The right password of a disabled account is a wrong one, or it would be told that it is right."""
        found = super().authenticate(request, **credentials)
        return found if found is not None and found.is_active else None

    def set_password(self, user: Any, password: str) -> None:
        """Through the verb, so that the change is in the journal."""
        actions.change_password(by=self.request.by, account=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the other ways of signing in stand."""
        return reverse("mfa_index")

    def send_notification_mail(self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None) -> None:
        """The library tells here that a way of the second factor came or went: it goes into the journal. The mail itself is off."""
        if template_prefix in TOLD:
            kind, is_on = TOLD[template_prefix]
            actions.note_second_factor(by=self.request.by, account=user, kind=kind, is_on=is_on)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a mail server that is away delays the mail, not the page."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        actions.send_mail(by=System("登录邮件", timezone.now()), email=email, subject=str(message.subject), text=str(message.body))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for a login from one address, so that nobody locks the owner out from elsewhere."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor in our words; an authenticator app shows the product's name, not the machine's."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("这一种不能停用"),
        "cannot_generate_recovery_codes": _("先启用验证器应用或安全密钥，才能生成恢复码"),
        "incorrect_code": _("没有对上。请看清现在的 6 位数字再输；总是不对，请核对手机的时间"),
    }

    def get_totp_issuer(self) -> str:
        return gettext("聚智")

    def build_totp_svg(self, url: str) -> str:
        """Nothing: the page draws the code with its own component."""
        return ""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("我的安全密钥")


def enter(request: HttpRequest, account: Account) -> str:
    """Begin the session of an account whose owner showed a one-time link; the second factor, if there is one, is still asked for. Returns where to go."""
    answer = perform_login(request, Login(user=account, redirect_url=settings.LOGIN_REDIRECT_URL))
    return str(answer["Location"])


_BOTH = ("GET", "HEAD", "POST")
# Sign-up, password reset by mail and changes of the address stay closed: accounts are opened and mended by one-time links.
_VISITOR = ("account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn")
_ACCOUNT: tuple[str, ...] = ("account_reauthenticate", "account_change_password", "account_set_password", "mfa_reauthenticate")
_ACCOUNT += ("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")
_ACCOUNT += ("mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn")
_ACCOUNT += ("mfa_remove_webauthn", "mfa_edit_webauthn")
CLOSED: tuple[str, ...] = ("account_signup", "account_inactive", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key")
CLOSED += ("account_confirm_login_code", "account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent", "account_email")

# URL name → access, for the views of allauth; a name that is missing here is refused by the door.
FOREIGN: dict[str, Access] = {name: Access((ANYONE,), methods=_BOTH) for name in _VISITOR}
FOREIGN |= {name: Access((SIGNED_IN,), methods=_BOTH) for name in _ACCOUNT}
