"""Rosters with masked contacts, their full export, a spell, the spells of a person, the batches of an organisation."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from juzhi.base.access import MEMBER_CLERK, access
from juzhi.base.errors import Refused
from juzhi.members import actions, queries, rules
from juzhi.members.forms import ExportForm, RosterForm
from juzhi.members.models import Membership
from juzhi.network.models import Organisation
from juzhi.web import exports
from juzhi.web.lists import in_order
from juzhi.web.queries import changed
from juzhi.web.replies import Column, Listing, listing, page

READS = ("Membership", "Person", "Contact", "Employment")
NAME = Column("name", gettext_lazy("姓名"), lambda row: row.person.name, sort="person__pinyin_key", classed="personal")
UNIT = Column("unit", gettext_lazy("单位"), lambda row: row.unit or "", sort="unit_order", classed="personal")
PLACE = Column("organisation", pgettext_lazy("一个", "组织"), lambda row: row.organisation.name, sort="organisation__pinyin_key", classed="personal")
NUMBER = Column("number", gettext_lazy("会员号"), lambda row: row.number, sort="number", classed="personal")
JOINED = Column("joined", gettext_lazy("入会"), queries.joined_words, sort="joined_on", classed="personal")
ROLE = Column("role", gettext_lazy("会内职务"), lambda row: row.org_role, sort="org_role", classed="personal")
STATE = Column("state", gettext_lazy("状态"), queries.state_words, classed="personal")
ENDED = Column("ended", gettext_lazy("离会"), queries.ended_words, sort="ended_on", classed="personal")
MASKED = Column("mobile", gettext_lazy("手机"), queries.masked_mobile, classed="personal")
FULL = (
    Column("mobile", gettext_lazy("手机"), lambda row: row.mobile or "", classed="personal"),
    Column("email", gettext_lazy("邮箱"), lambda row: row.email or "", classed="personal"),
)
BATCHES = (
    Column("number", gettext_lazy("批次"), str, sort="number", classed="public"),
    Column("on", gettext_lazy("入会日期"), lambda row: queries.day(row.on, row.precision), sort="on", classed="public"),
    Column("cohort", gettext_lazy("同批人数"), lambda row: row.cohort, sort="cohort", classed="personal", text=False),
)


ORDER_WORDS = (
    ("name", gettext_lazy("拼音")),
    ("strokes", gettext_lazy("笔画（单名补位）")),
    ("strokes_unpadded", gettext_lazy("笔画（单名不补位）")),
    ("post", gettext_lazy("会内职务")),
)
ORDERS = tuple(Column(name, label, str, sort=queries.ORDERS[name][0]) for name, label in ORDER_WORDS[1:])  # of which no column is shown
ALL = (NAME, UNIT, PLACE, NUMBER, JOINED, ROLE, *FULL, STATE, ENDED)


def shown_columns(place: Organisation | None, asked: dict[str, Any]) -> tuple[Column, ...]:
    """Contacts masked; what would be the same in every row is left out."""
    several = (PLACE,) if place is None or asked.get("beneath") else ()
    over = (ENDED,) if asked.get("state") in (queries.OVER, queries.ALL) else ()
    return (NAME, UNIT, *several, NUMBER, JOINED, ROLE, MASKED, STATE, *over)


def organisation_or_404(request: HttpRequest, key: str) -> Organisation:
    found = queries.organisation(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such organisation")
    return found


def spell_or_404(request: HttpRequest, place: Organisation, key: str) -> Membership:
    found = queries.spell(request.by, place, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such spell")
    return found


def _roster(request: HttpRequest, place: Organisation | None) -> HttpResponse:
    """The list that the address asks for, as a page, a fragment or a file."""
    by = request.by  # type: ignore[attr-defined]
    form = RosterForm(by, place, request.GET)
    asked = form.asked()
    rows = queries.roster(by, asked, place)
    shown = listing(request, rows, columns=shown_columns(place, asked), filename=str(_("会员名册")), orders=ORDERS)
    if not isinstance(shown, Listing):
        return shown
    words = _("；").join(str(text) for texts in form.errors.values() for text in texts)
    where = _where(request, place)
    context = {"listing": shown, "asked": form, "organisation": place, "persons": queries.distinct_persons(rows), "problem": shown.problem or words, "where": where, "orders": _orders(request)}
    return page(request, "members/roster.html", context, fragment="members/_roster.html")


def _orders(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Orders one asks for most: label, address, whether it is the one shown."""
    now = request.GET.get("sort") or "name"
    return [(str(label), changed(request, sort=name, page=None), name == now) for name, label in ORDER_WORDS]


def _where(request: HttpRequest, place: Organisation | None) -> str:
    """The filters and the order of this page, for the page that exports the same list with contacts."""
    query = request.GET.copy()
    for part in ("page", "format"):
        query.pop(part, None)
    if place is not None:
        query["organisation"] = place.key
    return query.urlencode()


@access(duty=MEMBER_CLERK, reads=READS)
def roster(request: HttpRequest) -> HttpResponse:
    """Members of every organisation where the reader is clerk; contacts masked."""
    return _roster(request, None)


@access(duty=MEMBER_CLERK, of="organisation", reads=READS)
def organisation_roster(request: HttpRequest, organisation: str) -> HttpResponse:
    """Members of one organisation; contacts masked."""
    return _roster(request, organisation_or_404(request, organisation))


@access(duty=MEMBER_CLERK, reads=READS, writes=("Disclosure",))
def export_contacts(request: HttpRequest) -> HttpResponse:
    """Take the list with full contacts: for a reason, noted for each person; for many the password is asked again."""
    by = request.by  # type: ignore[attr-defined]
    rows = in_order(request.GET.get("sort", ""), queries.roster(by, RosterForm(by, None, request.GET).asked()), [*ALL, *ORDERS], [])
    count = rows.count()
    form = ExportForm(request.POST or None, many=count > actions.FREE_ROWS)
    if request.method == "POST" and form.is_valid() and _may_try(request, form):
        given = form.cleaned_data
        try:
            taken = actions.export_contacts(by=by, memberships=list(rows), reason=given["reason"], password=given.get("password", ""))
            return _file(given["format"], taken)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return page(request, "members/export_contacts.html", {"form": form, "count": count, "where": request.GET.urlencode()})


def _may_try(request: HttpRequest, form: ExportForm) -> bool:
    """A password is not guessed here either: the door's own limit for proving oneself anew."""
    if "password" not in form.fields or ratelimit.consume(request, action="reauthenticate", user=request.user):
        return True
    form.add_error("password", _("试得太多了，请过一分钟再试"))
    return False


def _file(kind: str, rows: Any) -> HttpResponse:
    heads, text = [str(column.label) for column in ALL], [column.text for column in ALL]
    return exports.respond(kind, str(_("会员名册（含联系方式）")), heads, ([column.value(row) for column in ALL] for row in rows), text)


@access(duty=MEMBER_CLERK, of="organisation", reads=("Membership", "Person"))
def membership(request: HttpRequest, organisation: str, membership: str) -> HttpResponse:
    """One spell."""
    by, place = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    found = spell_or_404(request, place, membership)
    context = {"organisation": place, "membership": found, "facts": queries.spell_facts(found), "may_correct": rules.may_correct(by, found), "state": queries.state_words(found)}
    return page(request, "members/membership.html", context)


@access(duty=MEMBER_CLERK, reads=("Membership", "Person"))
def of_person(request: HttpRequest, person: str) -> HttpResponse:
    """A person's spells, as far as the reader may see them."""
    by = request.by  # type: ignore[attr-defined]
    found = queries.person(by, person)
    if found is None:
        raise Http404("no such person")
    shown = [(one, queries.spell_note(one), queries.state_words(one)) for one in queries.spells(by, found)]
    return page(request, "members/of_person.html", {"person": found, "spells": shown})


@access(duty=MEMBER_CLERK, of="organisation", reads=("AdmissionBatch", "Membership"))
def batches(request: HttpRequest, organisation: str) -> HttpResponse:
    """Admission batches with the number admitted in each, which later leavings do not change."""
    place = organisation_or_404(request, organisation)
    shown = listing(request, queries.batches(request.by, place), columns=BATCHES, filename=str(_("入会批次")))  # type: ignore[attr-defined]
    return page(request, "members/batches.html", {"listing": shown, "organisation": place}) if isinstance(shown, Listing) else shown
