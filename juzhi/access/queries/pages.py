"""What organisations and accounts are told about rights."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from juzhi.access.models import DUTY_LABELS, TAKEOVER, Account, Grant, Invitation, Reach
from juzhi.access.queries.actors import in_force, valid_on
from juzhi.base.access import DUTIES, MEMBER_CLERK, OPERATOR, SECRETARY
from juzhi.base.actors import Actor
from juzhi.base.indicators import INDICATORS
from juzhi.base.periods import holds_on
from juzhi.network.models import Lineage, Organisation
from juzhi.network.queries import listed
from juzhi.people import queries as people
from juzhi.people.models import Person, Tie
from juzhi.web.queries import Pick

PICKED_AT_MOST = 10
LOOKED_THROUGH = 1000  # so many of those the words find are looked through for accounts

SOURCES: dict[str, Any] = {"": "", TAKEOVER: gettext_lazy("上级代管"), "demo": gettext_lazy("演示数据")}
NOUNS: dict[str, Any] = {  # what views declare to read and write
    "Organisation": gettext_lazy("组织"),
    "OrganisationName": gettext_lazy("组织名称"),
    "Placement": gettext_lazy("隶属"),
    "Seat": gettext_lazy("所在地与依托单位"),
    "GuidanceLink": gettext_lazy("指导单位"),
    "OrganisationContact": gettext_lazy("组织联系人"),
    "ExternalBody": gettext_lazy("外部团体"),
    "FoundingEvent": gettext_lazy("成立事项"),
    "Family": gettext_lazy("组织类别"),
    "Area": gettext_lazy("行政区划"),
    "Host": gettext_lazy("依托单位"),
    "Sector": gettext_lazy("系统"),
    "Unit": gettext_lazy("单位"),
    "Person": gettext_lazy("人员"),
    "Name": gettext_lazy("曾用名"),
    "Contact": gettext_lazy("联系方式"),
    "Employment": gettext_lazy("单位与职务"),
    "Tie": gettext_lazy("在册关系"),
    "Disclosure": gettext_lazy("查看联系方式的记录"),
    "Membership": gettext_lazy("会籍"),
    "AdmissionBatch": gettext_lazy("入会批次"),
    "Account": gettext_lazy("账号"),
    "Grant": pgettext_lazy("名词", "授权"),
    "Invitation": gettext_lazy("邀请链接"),
    "Batch": gettext_lazy("导入批次"),
    "BatchRow": gettext_lazy("导入的行"),
    "Mapping": gettext_lazy("导入的列对应"),
    "Upload": gettext_lazy("上传的文件"),
    "Entry": gettext_lazy("变更记录"),
    "EntryLine": gettext_lazy("变更记录的行"),
    "EntryValue": gettext_lazy("变更前后的值"),
    "Progress": gettext_lazy("任务进度"),
    "Outbox": gettext_lazy("待发消息"),
    "ScheduledJob": gettext_lazy("定时任务"),
    "DBTaskResult": gettext_lazy("后台任务"),
    "Receipt": gettext_lazy("表单回执"),
    "Beat": gettext_lazy("工作进程"),
}


@dataclass(frozen=True)
class Sight:
    """One line of "who can see this, and why"."""

    grant: Grant
    name: str  # "" where the reader is told the role and the organisation only
    given_by: str  # role and organisation of the giver, never the name
    why: str  # where the grant comes from
    is_inherited: bool

    @property
    def title(self) -> str:
        """The holder with the organisation of an inherited grant; the organisation alone where the name is not for this reader."""
        place = self.grant.organisation.name
        return f"{self.name} · {place}" if self.name and self.is_inherited else self.name or place

    @property
    def note(self) -> str:
        """Purpose, since when, given by whom, and where it comes from."""
        since = _("%(day)s 起，%(giver)s授予") % {"day": self.grant.valid_from.isoformat(), "giver": self.given_by}
        return " · ".join(part for part in (self.grant.purpose, since, self.why) if part)

    @property
    def may_end(self) -> bool:
        """Whether it may be revoked here: given at this body, and not a superior's care, which ends by itself."""
        return not self.is_inherited and self.grant.source != TAKEOVER


def who_can_see(by: Actor, organisation: Organisation) -> list[Sight]:
    """Grants that reach this organisation today, its own and those from above. Names only for those who may see the grant."""
    above = Lineage.objects.system("grants inherited from above").on(by.today).filter(descendant=organisation).values("ancestor_id")
    reaching = Q(organisation=organisation) | Q(organisation_id__in=above, reach=Reach.SUBTREE)
    found = in_force(by.today).filter(reaching).order_by("duty", "organisation__founded_on", "pk")
    return _sights(by, organisation, found)


def grants_given(by: Actor, organisation: Organisation) -> list[Sight]:
    """Every grant at this organisation itself, past ones included, as far as `by` may see them."""
    return _sights(by, organisation, Grant.objects.seen_by(by).filter(organisation=organisation).order_by("-valid_from", "-pk"))


def _sights(by: Actor, organisation: Organisation, found: QuerySet[Grant]) -> list[Sight]:
    """Three queries, however many lines."""
    grants = list(found.select_related("account__person", "organisation"))
    named = set(Grant.objects.seen_by(by).filter(pk__in=[grant.pk for grant in grants]).values_list("pk", flat=True))
    givers = Grant.objects.system("in which role a grant was given").filter(account__key__in={grant.granted_by for grant in grants}, duty=SECRETARY)
    roles = list(givers.select_related("organisation", "account").order_by("organisation__founded_on", "pk"))
    return [
        Sight(
            grant,
            grant.account.person.name if grant.pk in named else "",
            _given_by(grant, roles),
            str(SOURCES.get(grant.source, grant.source)),
            grant.organisation_id != organisation.pk,
        )
        for grant in grants
    ]


def _given_by(grant: Grant, roles: list[Grant]) -> str:
    """Role and organisation of the giver on the day of giving: at the body itself if it was so, else the highest."""
    if grant.source == TAKEOVER:
        return _("自动")
    if grant.granted_by.startswith("system:"):
        return _("系统（%(reason)s）") % {"reason": grant.granted_by.removeprefix("system:")}
    then = [r for r in roles if r.account.key == grant.granted_by and holds_on(grant.valid_from, r.valid_from, r.valid_to)]
    then.sort(key=lambda role: role.organisation_id != grant.organisation_id)
    return f"{then[0].organisation.name} · {DUTY_LABELS[SECRETARY]}" if then else str(DUTY_LABELS[OPERATOR])


def open_invitation(digest: str, at: datetime) -> Invitation | None:
    """The unused, unexpired link with this digest."""
    rows = Invitation.objects.system("a link is presented").select_related("person", "organisation")
    return rows.filter(digest=digest, used_at__isnull=True, expires_at__gt=at).first()


def organisation(by: Actor, key: str) -> Organisation | None:
    return Organisation.objects.seen_by(by).filter(key=key).first()


def person(by: Actor, key: str) -> Person | None:
    return people.seen(by, [key]).first()


def own_grants(by: Actor) -> QuerySet[Grant]:
    """The reader's own duties of today."""
    return in_force(by.today).filter(account__key=by.key).select_related("organisation").order_by("organisation__pinyin_key", "duty", "pk")


def places(by: Actor, asked: dict[str, Any]) -> QuerySet[Organisation]:
    """Standing organisations where `by` may give duties, narrowed by `q`, `family`, `level` as every list of organisations, and by `lacking` = a
    duty that nobody holds there. Each with `has_secretary` and `has_clerk`: whether somebody holds these there themselves.
    """
    if not by.holds_anywhere(SECRETARY):
        return Organisation.objects.none()
    found = listed(by, by.today, {**asked, "state": "standing"}).filter(pk__in=by.reach(SECRETARY))
    held = in_force(by.today).filter(organisation=OuterRef("pk")).exclude(source=TAKEOVER)
    found = found.annotate(has_secretary=Exists(held.filter(duty=SECRETARY)), has_clerk=Exists(held.filter(duty=MEMBER_CLERK)))
    lacking = {SECRETARY: {"has_secretary": False}, MEMBER_CLERK: {"has_clerk": False}}
    return found.filter(**lacking.get(asked.get("lacking", ""), {}))


def lacking_words(place: Any) -> str:
    """Duties that nobody holds at an organisation of `places` themselves."""
    missing = [duty for duty, held in ((SECRETARY, place.has_secretary), (MEMBER_CLERK, place.has_clerk)) if not held]
    return "、".join(str(DUTY_LABELS[duty]) for duty in missing)


def grantable(by: Actor, organisation: Organisation) -> list[str]:
    """Duties `by` holds there and so may give."""
    return [duty for duty in DUTIES if by.holds(duty, organisation.pk)]


def grantee(by: Actor, organisation: Organisation, text: str) -> Account | None:
    """The usable account of this login, if its person is known in the giver's reach: tied to a body there, or holding a duty there. Or that of the
    person with this key, if the giver may see the person besides.

    Others are not found, so that nobody learns who has an account elsewhere. The operator who names a first secretary may name anybody.
    """
    usable = _usable(by, organisation)
    chosen = usable.filter(person__key=text).first()  # asked first: nobody is taken for another by a login that looks like a key
    if chosen is not None and Person.objects.seen_among(by, [chosen.person_id]).exists():
        return chosen
    return usable.filter(login__iexact=text).first()


def grantees(by: Actor, organisation: Organisation, words: str) -> list[Pick]:
    """Whom `by` may give a duty and may see as a person, by words. Logins are nobody else's affair: what is chosen is the person's key."""
    ids = people.found_by_words(by, words, LOOKED_THROUGH).ids
    accounts = set(_usable(by, organisation).filter(person_id__among=ids).values_list("person_id", flat=True))
    told = people.someones(by, [pk for pk in ids if pk in accounts][:PICKED_AT_MOST], words)
    return [Pick(one.person.key, one.person.name, " · ".join(filter(None, (one.places, one.units)))) for one in told]


def _usable(by: Actor, organisation: Organisation) -> QuerySet[Account]:
    """Accounts to which `by` may give a duty there."""
    found = Account.objects.select_related("person").filter(disabled_at__isnull=True)
    if not by.holds(SECRETARY, organisation.pk):
        return found
    reach = by.reach(SECRETARY)
    tied = Tie.objects.system("who may be given a duty").filter(valid_on(by.today), organisation_id__in=reach).values("person_id")
    holding = in_force(by.today).filter(organisation_id__in=reach).values("account_id")
    return found.filter(Q(person_id__in=tied) | Q(pk__in=holding))


def grant_at(by: Actor, organisation: Organisation, key: str) -> Grant | None:
    return Grant.objects.seen_by(by).filter(organisation=organisation, key=key).select_related("account__person").first()


def grants_of(by: Actor, person: Person) -> QuerySet[Grant]:
    return Grant.objects.seen_by(by).filter(account__person=person).select_related("organisation").order_by("-valid_from", "-pk")


def account_of(person: Person) -> Account | None:
    return Account.objects.filter(person=person).first()


def invitation(secret: str, at: datetime) -> Invitation | None:
    return open_invitation(hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest(), at)


def inviting_places(by: Actor, person: Person) -> list[Organisation]:
    """Organisations on whose behalf `by` may invite this person: those that know the person today."""
    if not by.holds_anywhere(MEMBER_CLERK, SECRETARY):
        return []
    tied = Tie.objects.system("who may invite").filter(valid_on(by.today), person=person, organisation_id__in=by.reach(MEMBER_CLERK, SECRETARY))
    return list(Organisation.objects.seen_by(by).filter(pk__in=tied.values("organisation_id")).order_by("pinyin_key")[:20])


@dataclass(frozen=True)
class DutyCard:
    """A duty, and the records it opens and changes, by name."""

    label: str
    sees: list[str]
    changes: list[str]


def duties() -> list[DutyCard]:
    """What each duty may do, read from the declarations of the views, and of the figures that are not public."""
    sees: dict[str, set[str]] = {duty: set() for duty in DUTIES}
    changes: dict[str, set[str]] = {duty: set() for duty in DUTIES}
    for view in declared_views():
        for duty in set(view.access.duty) & set(DUTIES):
            sees[duty].update(view.access.reads)
            changes[duty].update(view.access.writes)
    figures = {duty: [_("数：%(label)s") % {"label": one.label} for one in INDICATORS.values() if duty in one.duties] for duty in DUTIES}
    return [DutyCard(str(DUTY_LABELS[duty]), [*_named(sees[duty]), *figures[duty]], _named(changes[duty])) for duty in DUTIES]


def _named(nouns: set[str]) -> list[str]:
    """Nouns as people call them, in the order of the table; a later one by its model's own name."""
    order = list(NOUNS)
    later = {model.__name__: str(model._meta.verbose_name) for model in apps.get_models()} if nouns - set(NOUNS) else {}
    return [str(NOUNS.get(noun) or later.get(noun, noun)) for noun in sorted(nouns, key=lambda one: (order.index(one) if one in NOUNS else len(order), one))]


def declared_views() -> list[Any]:
    """Every view of our own that the address table names."""
    found, waiting = [], list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if hasattr(one, "url_patterns"):
            waiting += one.url_patterns
        elif hasattr(one.callback, "access"):
            found.append(one.callback)
    return found
