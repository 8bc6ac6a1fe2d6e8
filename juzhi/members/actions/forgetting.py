"""What becomes of spells when a person is erased: they go on counting, without number and role."""

from __future__ import annotations

from django.utils.translation import gettext as _

from juzhi.base import bulk
from juzhi.base.actors import Actor
from juzhi.base.errors import Refused
from juzhi.base.facts import Forgotten, follow
from juzhi.imports.actions import wipe
from juzhi.journal.actions import forget
from juzhi.members.actions.membership import end
from juzhi.members.models import EndReason, Membership

KIND = "members.membership"


def forget_spells(*, by: Actor, about: Forgotten) -> None:
    """Refuses while a spell is open: members are on the roster by name. The product itself, which only repeats an erasure, ends it."""
    spells = Membership.objects.system("lock for forget").select_for_update(of=("self",)).select_related("organisation").filter(person=about.person).order_by("pk")
    found = list(spells if about.is_whole else spells.filter(organisation_id__in=about.places))
    standing = [one for one in found if not one.is_over]
    if standing and not by.is_system:
        names = "、".join(one.organisation.name for one in standing)
        raise Refused(_("还在%(names)s在会：请会员管理先登记离会，再来抹去") % {"names": names}, code="state")
    for one in standing:
        end(by=by, membership=one, reason_code=EndReason.LEFT, ended_on=max(by.today, one.joined_on))
    found = list(Membership.objects.system("forget").filter(pk__in=[one.pk for one in found]))
    for one in found:
        one.number, one.org_role, one.version = "", "", one.version + 1
    bulk.update(found, ["number", "org_role", "version"])
    things = [(KIND, one.key) for one in found]
    wipe(by=by, things=things)
    forget(by=by, things=things)


follow("person_forgotten", forget_spells)
