"""What we tell the sign-in library: nobody signs up by themselves, mail leaves through the outbox, failures are counted per address; and who may ask for each of its pages."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from juzhi.access import actions
from juzhi.access.models import Account
from juzhi.base.access import ANYONE, SIGNED_IN, Access
from juzhi.base.actors import System


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation only."""

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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox: a mail server that is away delays the mail, not the page."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        actions.send_mail(by=System("登录邮件", timezone.now()), email=email, subject=str(message.subject), text=str(message.body))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for a login from one address, so that nobody locks the owner out from elsewhere."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"


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
