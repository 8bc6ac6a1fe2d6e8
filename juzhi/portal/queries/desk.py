"""The workbench: what awaits the reader, this month, and the doors to their organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from juzhi.access.models import DUTY_LABELS, Grant
from juzhi.access.queries import own_grants, valid_on
from juzhi.base.access import DUTIES, MEMBER_CLERK, PROTECTION_CONTACT, SECRETARY, STATISTICIAN
from juzhi.base.actors import ZONE, Actor
from juzhi.base.importers import IMPORTERS
from juzhi.base.text import listed
from juzhi.imports import queries as imports
from juzhi.imports.models import Batch
from juzhi.members.models import Membership
from juzhi.network import queries as network
from juzhi.network.models import Organisation
from juzhi.portal.models import Complaint
from juzhi.portal.queries.complaints import waiting_complaints
from juzhi.portal.queries.own import name_of

MOST = 8  # tasks of one kind; the rest is a number with a door
KEEPERS = (SECRETARY, MEMBER_CLERK)  # duties no organisation should be without


@dataclass(frozen=True)
class Task:
    """Something that awaits the reader: a verb at the end leads to where it is done."""

    icon: str
    title: str
    note: str
    verb: str
    href: str


@dataclass(frozen=True)
class Place:
    """An organisation of the reader, with their duties there and what these open."""

    key: str
    name: str
    duties: str
    imports: bool
    admits: bool
    grants: bool
    founds: bool
    counts: bool


@dataclass(frozen=True)
class Desk:
    """Everything the workbench shows."""

    name: str
    day: date
    batches: list[Task]
    complaints: list[Task]
    cared: list[Task]
    unkept: list[Task]
    unkept_count: int
    founded: list[Organisation]
    joined: int | None  # None = not for this reader
    month: str
    places: list[Place]

    @property
    def waiting(self) -> list[Task]:
        return [*self.batches, *self.complaints, *self.cared]

    @property
    def count(self) -> int:
        return len(self.waiting) + self.unkept_count

    @property
    def first(self) -> Place | None:
        """Where the verbs of one click begin."""
        return self.places[0] if self.places else None


def is_staff(by: Actor) -> bool:
    """Whether the reader has any duty today."""
    return by.holds_anywhere(*DUTIES)


def desk(by: Actor) -> Desk:
    """A constant number of queries, however many organisations."""
    day = by.today
    first = day.replace(day=1)
    own = list(own_grants(by))
    unkept = _unkept(by, day)
    return Desk(
        name=name_of(by),
        day=day,
        batches=_batches(by),
        complaints=[_complaint(one) for one in waiting_complaints(by)[:MOST]],
        cared=[_cared(grant) for grant in own if grant.source == "takeover"],
        unkept=[_unkept_task(one, missing) for one, missing in unkept[:MOST]],
        unkept_count=len(unkept),
        founded=list(_reached(by).filter(founded_on__gte=first, founded_on__lte=day).exclude(founded_precision="unknown")),
        joined=_joined(by, first, day),
        month=f"{day:%Y-%m}",
        places=_places(own),
    )


def _batches(by: Actor) -> list[Task]:
    found = list(imports.open_batches(by)[:MOST])
    names = by.places(*{one.organisation_id for one in found if one.organisation_id}) if found else {}
    return [_batch(one, names) for one in found]


def _batch(one: Batch, names: dict[int, tuple[str, str]]) -> Task:
    state, _tone = imports.state_of(one)
    place = names.get(one.organisation_id or 0, ("", ""))[1]
    kind = str(IMPORTERS[one.kind].label) if one.kind in IMPORTERS else one.kind
    parts = [kind, place, one.made_at.astimezone(ZONE).strftime("%m-%d %H:%M")]
    title = _("%(file)s：%(state)s") % {"file": one.filename, "state": state}
    return Task("file-import", title, " · ".join(part for part in parts if part), _("核对") if one.read_at else _("查看"), reverse("imports:batch", args=[one.key]))


def _complaint(one: Complaint) -> Task:
    said = one.text if len(one.text) <= 40 else f"{one.text[:39]}…"
    note = " · ".join([one.made_at.astimezone(ZONE).strftime("%m-%d"), _("署名") if one.actor_key else _("未署名"), *([one.page] if one.page else [])])
    return Task("message-report", said, note, _("答复"), reverse("portal:answer_complaint", args=[one.key]))


def _cared(grant: Grant) -> Task:
    title = _("代管%(name)s的%(duty)s") % {"name": grant.organisation.name, "duty": str(DUTY_LABELS[grant.duty])}
    return Task("user-check", title, _("原负责人离任，由上级接管；交给新的人，代管即结束"), _("交出"), reverse("access:grant", args=[grant.organisation.key]))


def _reached(by: Actor) -> Any:
    """Organisations within reach of any duty of the reader."""
    return network.organisations(by).filter(pk__in=by.reach(*DUTIES))


def _unkept(by: Actor, day: date) -> list[tuple[Organisation, list[str]]]:
    """Standing bodies in reach at which nobody themselves holds a duty that none should be without. Three queries."""
    if not by.holds_anywhere(SECRETARY):
        return []
    bodies = list(network.organisations(by).filter(network.standing(day), pk__in=by.reach(SECRETARY)))
    grants = Grant.objects.system("which bodies in reach are without a keeper").filter(valid_on(day), duty__in=KEEPERS, account__disabled_at__isnull=True)
    held = set(grants.filter(organisation__in=[one.pk for one in bodies]).exclude(source="takeover").values_list("organisation_id", "duty"))
    missing = [(one, [duty for duty in KEEPERS if (one.pk, duty) not in held]) for one in bodies]
    return [(one, duties) for one, duties in missing if duties]


def _unkept_task(one: Organisation, missing: list[str]) -> Task:
    note = _("没有人担任：%(duties)s") % {"duties": listed(DUTY_LABELS[duty] for duty in missing)}
    return Task("key", one.name, note, _("授权"), reverse("access:grant", args=[one.key]))


def _joined(by: Actor, first: date, day: date) -> int | None:
    """Memberships begun this month at organisations whose roster the reader keeps."""
    if not by.holds_anywhere(MEMBER_CLERK):
        return None
    kept = Membership.objects.seen_by(by).filter(organisation__in=by.reach(MEMBER_CLERK))
    return kept.filter(joined_on__gte=first, joined_on__lte=day).exclude(joined_precision="unknown").count()


def _places(own: list[Grant]) -> list[Place]:
    """The reader's own grants, by organisation; those kept only for others come last, since the verbs of one click begin at the first."""
    held: dict[int, tuple[Organisation, list[str]]] = {}
    for grant in sorted(own, key=lambda one: one.source == "takeover"):
        held.setdefault(grant.organisation_id, (grant.organisation, []))[1].append(grant.duty)
    return [_place(organisation, duties) for organisation, duties in held.values()]


def _place(organisation: Organisation, duties: list[str]) -> Place:
    keeps, clerk = SECRETARY in duties, MEMBER_CLERK in duties
    return Place(
        key=organisation.key,
        name=organisation.name,
        duties=listed(dict.fromkeys(DUTY_LABELS[duty] for duty in duties)),
        imports=keeps or clerk,
        admits=clerk or PROTECTION_CONTACT in duties,
        grants=keeps,
        founds=keeps,
        counts=clerk or STATISTICIAN in duties,
    )
