"""What we tell the sign-in library: nobody signs up by themselves; and who may ask for each of its pages."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from juzhi.base.access import ANYONE, SIGNED_IN, Access


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation only."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def populate_username(self, request: Any, user: Any) -> None:
        """The login is chosen at the invitation."""


_BOTH = ("GET", "HEAD", "POST")
# Sign-up, password reset by mail and changes of the address stay closed: accounts are opened and mended by one-time links.
_VISITOR = ("account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn")
_ACCOUNT = ("account_reauthenticate", "account_change_password", "account_set_password", "mfa_reauthenticate")
_ACCOUNT += ("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")
_ACCOUNT += ("mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn")
_ACCOUNT += ("mfa_remove_webauthn", "mfa_edit_webauthn")
CLOSED = ("account_signup", "account_inactive", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key")
CLOSED += ("account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent", "account_email", "mfa_signup_webauthn")

# URL name → access, for the views of allauth; a name that is missing here is refused by the door.
FOREIGN: dict[str, Access] = {name: Access((ANYONE,), methods=_BOTH) for name in _VISITOR}
FOREIGN |= {name: Access((SIGNED_IN,), methods=_BOTH) for name in _ACCOUNT}
