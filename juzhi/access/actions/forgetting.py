"""What becomes of an account when its person is erased: it is shut and bears no name; duties it held stay on record, without one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from juzhi.access import queries
from juzhi.access.actions.grants import left_by, lock
from juzhi.access.models import Account, Grant, Invitation
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.facts import Forgotten, follow
from juzhi.journal.actions import forget


def is_held(*, by: Actor, about: Forgotten) -> bool:
    """Whether the person works for an organisation elsewhere: it needs the name."""
    held = queries.in_force(by.today).filter(account__person=about.person)
    return held.exclude(organisation_id__in=about.places).exists()


def forget_account(*, by: Actor, about: Forgotten) -> None:
    """Refuses while duties at these organisations are in force. Then, where the person is erased whole, login, mail, password, second factors and
    links go, and the account is shut. The product itself, which only repeats an erasure, lets the duties end.
    """
    account = Account.objects.select_for_update().filter(person=about.person).first()
    if account is None:
        return
    held = queries.in_force(by.today).filter(account=account)
    if not by.is_system and held.filter(organisation_id__in=about.places).exists():
        raise Refused(_("还担任着管理职责：请组织管理先收回，再来抹去"), code="state")
    if not about.is_whole:
        return
    gone = [("access.account", account.key)]
    links = Invitation.objects.system("forget").filter(person=about.person)
    gone += [("access.invitation", key) for key in links.values_list("key", flat=True)]
    links.delete()
    EmailAddress.objects.filter(user=account).delete()
    Authenticator.objects.filter(user=account).delete()
    left = set(Grant.objects.system("what the account leaves").filter(queries.valid_on(by.today), account=account).values_list("organisation_id", "duty"))
    lock(place for place, _duty in left)
    account.login, account.email, account.last_login = f"forgotten-{account.key}", "", None
    account.disabled_at = account.disabled_at or by.at
    account.set_unusable_password()
    account.save(update_fields=["login", "email", "last_login", "disabled_at", "password"])
    left_by(by, account, left)
    forget(by=by, things=gone)


follow("person_held", is_held)
follow("person_forgotten", forget_account)
