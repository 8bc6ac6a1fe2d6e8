"""Take contacts out of the house: with a reason, noted for each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from juzhi.base.action import action
from juzhi.base.actors import Actor
from juzhi.base.errors import Forbidden, Refused
from juzhi.base.text import clean_text
from juzhi.members import queries, rules
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.people.actions import KIND_WORDS, disclose
from juzhi.people.models import Disclosure, Person

FREE_ROWS = 200  # above this number the password is asked again (PIPL art. 51; ASVS 7.5.3)
FIELDS = tuple(KIND_WORDS.values())


@action
def export_contacts(*, by: Actor, memberships: Sequence[Membership], reason: str, password: str = "") -> Sequence[Membership]:
    """Give the contacts of these members in full. Each of them will see it: on behalf of which organisation, when, and the reason.

    Refuses without right at one of the organisations, an empty list, a missing reason, and more than FREE_ROWS rows without the password.
    """
    places: dict[Organisation, dict[str, Person]] = defaultdict(dict)
    for one in memberships:
        if one.person.key != by.person_key:
            places[one.organisation][one.person.key] = one.person
    if not all(rules.may_export(by, place) for place in places):
        raise Forbidden()
    if not memberships:
        raise Refused(_("名单是空的，没有可以导出的"), code="state")
    reason = clean_text(reason, field="reason", label=_("用途"), limit=120)
    if not reason:
        raise Refused(_("请写明导出做什么用，本人看得到"), field="reason")
    if len(memberships) > FREE_ROWS and not queries.knows_password(by, password):
        raise Refused(_("超过 %(most)s 人，请再输一次您的密码；还没有密码的，先在账号页设一个") % {"most": FREE_ROWS}, field="password")
    for place, persons in places.items():
        disclose(by=by, persons=persons.values(), organisation=place, fields=FIELDS, way=Disclosure.Way.EXPORTED, purpose=reason)
    return memberships
