"""Pages of rights: who may see this and why, granting and revoking, one-time links."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from juzhi.access import actions, queries, rules
from juzhi.access.adapters import enter
from juzhi.access.forms import AcceptForm, ConfirmForm, EnterForm, GrantForm, PlacesForm, RevokeForm
from juzhi.access.models import DUTY_LABELS, LINK_DAYS, Account
from juzhi.base.access import ANYONE, MEMBER_CLERK, OPERATOR, SECRETARY, SIGNED_IN, access
from juzhi.network.models import Organisation
from juzhi.web.queries import picking
from juzhi.web.replies import Column, Listing, listing, page, submit, version_of

PLACES = (
    Column("name", lazy("组织名称"), lambda row: row.name, sort="pinyin_key", classed="public"),
    Column("level", lazy("层级"), lambda row: row.get_level_display(), sort="level", classed="public"),
    Column("lacking", lazy("没有人担任"), queries.lacking_words),
)
STAFF = (SECRETARY, MEMBER_CLERK, "protection_contact", "auditor")


def _organisation(request: HttpRequest, key: str) -> Organisation:
    found = queries.organisation(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such organisation")
    return found


@access(duty=SIGNED_IN, reads=("Grant",))
def grants(request: HttpRequest) -> HttpResponse:
    """The reader's own duties, and the organisations where he may give some."""
    by, form = request.by, PlacesForm(request.GET)  # type: ignore[attr-defined]
    shown = listing(request, queries.places(by, form.asked()), columns=PLACES, filename=str(_("可以授权的组织")), per_page=25)
    if not isinstance(shown, Listing):
        return shown
    context = {"grants": queries.own_grants(by), "listing": shown, "filters": form, "gives": by.holds_anywhere(SECRETARY), "labels": DUTY_LABELS}
    return page(request, "access/grants.html", context, fragment="access/_places.html")


@access(duty=SIGNED_IN)
def duties(request: HttpRequest) -> HttpResponse:
    """Who may do what, from the declarations themselves."""
    return page(request, "access/duties.html", {"duties": queries.duties()})


@access(duty=STAFF, of="organisation", reads=("Grant",))
def organisation_grants(request: HttpRequest, organisation: str) -> HttpResponse:
    """Who can see this organisation's records, and why."""
    by, found = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    context = {"organisation": found, "sights": queries.who_can_see(by, found), "past": queries.grants_given(by, found), "may_grant": by.holds(SECRETARY, found.pk)}
    return page(request, "access/organisation_grants.html", context)


@access(duty=(SECRETARY, OPERATOR), reads=("Grant", "Account"), writes=("Grant",))
def grant(request: HttpRequest, organisation: str) -> HttpResponse:
    """Give a duty: its secretary what he has, the operator the first secretary of a body that has none and nobody above it."""
    by, found = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    duties = queries.grantable(by, found) if by.holds(SECRETARY, found.pk) else [SECRETARY] if rules.may_name_first(by, found) else []
    if not duties:
        if request.method == "POST":
            actions.note_attempt(by=by, duty=request.POST.get("duty", ""), organisation=found, reach=request.POST.get("reach", ""))
        raise Http404("nothing to give here")
    form = GrantForm(request.POST or None, by=by, organisation=found, duties=duties)

    def run() -> object:
        values = form.cleaned_data
        named = {name: values[name] for name in ("duty", "reach", "purpose", "valid_to")}
        return actions.grant(by=by, account=values["login"], organisation=found, **named)

    answer = submit(request, form, run, to=lambda _grant: reverse("access:organisation_grants", args=[found.key]) if by.holds(SECRETARY, found.pk) else reverse("access:grants"), done=_("已授权"))
    return answer or page(request, "access/grant.html", {"form": form, "organisation": found})


@access(duty=SECRETARY, of="organisation", reads=("Person", "Account"))
def grantees(request: HttpRequest, organisation: str) -> HttpResponse:
    """The list beneath the field for whom a duty is: persons whom the reader may see and who have an account, by words."""
    by, place = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    into, words = picking(request)
    context = {"organisation": place, "into": into, "words": words, "found": queries.grantees(by, place, words)}
    return page(request, "access/grantees.html", context, fragment="web/_picks.html")


@access(duty=SECRETARY, of="organisation", reads=("Grant",), writes=("Grant",))
def revoke(request: HttpRequest, organisation: str, grant: str) -> HttpResponse:
    by, place = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    found = queries.grant_at(by, place, grant)
    if found is None:
        raise Http404("no such grant")
    form = RevokeForm(request.POST or None)
    form.version = found.version  # type: ignore[attr-defined]

    def run() -> object:
        return actions.revoke(by=by, grant=found, reason=form.cleaned_data["reason"], version=version_of(request))

    answer = submit(request, form, run, to=lambda _grant: reverse("access:organisation_grants", args=[place.key]), done=_("已撤销"))
    return answer or page(request, "access/revoke.html", {"form": form, "organisation": place, "grant": found, "label": DUTY_LABELS[found.duty]})


@access(duty=(MEMBER_CLERK, SECRETARY), of="organisation", reads=("Person",), writes=("Invitation",))
def invite(request: HttpRequest, organisation: str, person: str) -> HttpResponse:
    """A one-time link, shown once as text and QR code."""
    by, place = request.by, _organisation(request, organisation)  # type: ignore[attr-defined]
    invited = queries.person(by, person)
    if invited is None:
        raise Http404("no such person")
    form, link = ConfirmForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        _invitation, secret = actions.invite(by=by, person=invited, organisation=place)
        link = request.build_absolute_uri(reverse("access:accept", args=[secret]))
    return page(request, "access/invite.html", {"form": form, "organisation": place, "person": invited, "link": link, "days": LINK_DAYS})


@access(duty=ANYONE, reads=("Invitation",), writes=("Account",))
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Use a one-time link. Opening it changes nothing: a preview of the link does not use it up."""
    by, invitation = request.by, queries.invitation(token, request.by.at)  # type: ignore[attr-defined]
    if invitation is None:
        return page(request, "access/spent.html", status=404)
    opens = invitation.kind == invitation.Kind.JOIN
    form = (AcceptForm if opens else EnterForm)(request.POST if request.method == "POST" else None)

    def run() -> Account:
        values = form.cleaned_data
        return actions.accept(by=by, secret=token, login=values.get("login", ""), password=values.get("password", ""))

    answer = submit(request, form, run, to=lambda account: enter(request, account))
    return answer or page(request, "access/accept.html", {"form": form, "opens": opens, "invitation": invitation})


@access(duty=STAFF, reads=("Person", "Account"))
def of_person(request: HttpRequest, person: str) -> HttpResponse:
    """Whether a person has an account, and the duties it holds as far as the reader may see them."""
    by = request.by  # type: ignore[attr-defined]
    found = queries.person(by, person)
    if found is None:
        raise Http404("no such person")
    context = {"person": found, "account": queries.account_of(found), "grants": queries.grants_of(by, found), "places": queries.inviting_places(by, found), "labels": DUTY_LABELS}
    return page(request, "access/of_person.html", context)
