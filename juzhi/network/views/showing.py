"""The tree, an organisation, its history, and the lists beside them: public facts, as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import ANYONE, access
from juzhi.network import queries, rules
from juzhi.network.forms import ListForm, TreeForm
from juzhi.network.models import Area, Host, Organisation
from juzhi.web.queries import picking
from juzhi.web.replies import Column, Listing, listing, page

PICKED_AT_MOST = 10
COLUMNS = (
    Column("name", _("组织名称"), lambda row: row.name, sort="pinyin_key", classed="public"),
    Column("family", _("组织类别"), lambda row: row.family.name, sort="family__name", classed="public"),
    Column("level", _("层级"), lambda row: row.get_level_display(), sort="level", classed="public"),
    Column("founded", _("成立时间"), queries.founded_text, sort="founded_on", classed="public"),
    Column("state", _("状态"), queries.state_words, classed="public"),
)
HOSTS = (
    Column("name", _("名称"), lambda row: row.name, sort="name_key", classed="public"),
    Column("type", _("类型"), lambda row: row.get_host_type_display(), sort="host_type", classed="public"),
    Column("area", _("所在区划"), lambda row: row.area.name if row.area else "", sort="area__code", classed="public"),
    Column("owner", _("权属单位"), lambda row: row.owner.name if row.owner else "", sort="owner__name_key", classed="public"),
    Column("bodies", _("依托它的组织"), lambda row: row.bodies or 0, sort="bodies", classed="public", text=False),
)
EXTERNAL = (
    Column("name", _("名称"), lambda row: row.name, sort="name", classed="public"),
    Column("level", _("级别"), lambda row: row.level, sort="level", classed="public"),
    Column("host", _("所在单位"), lambda row: row.host.name if row.host else "", sort="host__name_key", classed="public"),
    Column("founded", _("成立时间"), lambda row: queries.day_text(row.founded_on, row.founded_precision), sort="founded_on", classed="public"),
)


def organisation_or_404(request: HttpRequest, key: str) -> Organisation:
    found = queries.organisation(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such organisation")
    return found


def asked(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What every page as of a day shows of it: the day asked for (today if none or a wrong one), as typed, what is wrong with it, and the end of links that keep it."""
    form.is_valid()
    typed = request.GET.get("as_of", "")[:20]
    day = form.cleaned_data.get("as_of")
    tail = "?" + urlencode({"as_of": typed}) if day else ""
    return {"day": day or request.by.today, "as_of": typed, "error": "；".join(str(one) for one in form.errors.get("as_of", [])), "tail": tail}  # type: ignore[attr-defined]


def crumbs(path: Sequence[tuple[Organisation, str]], tail: str) -> list[tuple[str, str | None]]:
    """The way down the tree of that day; the last one is the page."""
    above: list[tuple[str, str | None]] = [(str(_("组织")), reverse("network:tree") + tail)]
    above += [(name, reverse("network:organisation", args=[one.key]) + tail) for one, name in path[:-1]]
    return [*above, *((name, None) for _one, name in path[-1:])]


@access(duty=ANYONE, reads=("Organisation",))
def tree(request: HttpRequest) -> HttpResponse:
    """The federation on a day: roots and the branches that are open, or what the words find."""
    form = TreeForm(request.GET)
    when = asked(request, form)
    words = form.cleaned_data.get("q", "")
    opened = [one for one in request.GET.get("open", "").split(",") if one][:20]
    shown = queries.tree(request.by, when["day"], words, opened)  # type: ignore[attr-defined]
    return page(request, "network/tree.html", {**when, "tree": shown, "words": words}, fragment="network/_tree.html")


@access(duty=ANYONE, reads=("Organisation",))
def branch(request: HttpRequest, organisation: str) -> HttpResponse:
    """Bodies directly beneath one, on a day."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    when = asked(request, TreeForm(request.GET))
    path = queries.path_named(by, found, when["day"])
    context = {**when, "organisation": found, "nodes": queries.children(by, found, when["day"]), "path": path, "crumbs": crumbs(path, when["tail"])}
    return page(request, "network/branch.html", context, fragment="network/_nodes.html")


@access(duty=ANYONE, reads=("Organisation",))
def organisations(request: HttpRequest) -> HttpResponse:
    """The flat list with filters, sorted and exported as shown."""
    by = request.by  # type: ignore[attr-defined]
    form = ListForm(by, request.GET)
    when = asked(request, form)
    rows = queries.listed(by, when["day"], form.cleaned_data)
    shown = listing(request, rows, columns=COLUMNS, filename=str(_("组织名单")))
    context = {**when, "listing": shown, "filters": form, "under": form.cleaned_data.get("under")}
    return page(request, "network/organisations.html", context) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Organisation",))
def choices(request: HttpRequest) -> HttpResponse:
    """The list beneath a picker of organisations."""
    into, words = picking(request)
    found = queries.nearest(request.by, words, PICKED_AT_MOST + 1)  # type: ignore[attr-defined]
    context = {"into": into, "words": words, "organisations": found[:PICKED_AT_MOST], "found": queries.picks(found[:PICKED_AT_MOST]), "is_cut": len(found) > PICKED_AT_MOST}
    return page(request, "network/choices.html", context, fragment="web/_picks.html")


@access(duty=ANYONE, reads=("Organisation", "OrganisationContact"))
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """What is publicly known of it on a day, and to its staff what they may do."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    when = asked(request, TreeForm(request.GET))
    about = queries.about(by, found, when["day"])
    may = rules.verbs(by, found, queries.parent(by, found, by.today))
    return page(request, "network/organisation.html", {**when, "organisation": found, "about": about, "crumbs": crumbs(about.path, when["tail"]), "may": may})


@access(duty=ANYONE, reads=("Organisation",))
def history(request: HttpRequest, organisation: str) -> HttpResponse:
    """What was true when: names, superiors, seats."""
    found = organisation_or_404(request, organisation)
    path = [*queries.path_named(request.by, found, request.by.today), (found, str(_("沿革")))]  # type: ignore[attr-defined]
    return page(request, "network/history.html", {"organisation": found, "moments": queries.told_history(request.by, found), "crumbs": crumbs(path, "")})  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Area",))
def areas(request: HttpRequest) -> HttpResponse:
    """Official divisions, with organisations seated there today."""
    return page(request, "network/areas.html", {"areas": queries.areas_with_counts(request.by, None)})  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Area", "Organisation"))
def area(request: HttpRequest, area: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    found = queries.area(by, area)
    if found is None:
        raise Http404("no such area")
    return _seated(request, found, "network/area.html", {"area": found, "above": queries.areas_above(found), "beneath": queries.areas_with_counts(by, found)})


@access(duty=ANYONE, reads=("Host",))
def hosts(request: HttpRequest) -> HttpResponse:
    """Buildings, hospitals, universities, parks and enterprises that organisations lean on."""
    by = request.by  # type: ignore[attr-defined]
    shown = listing(request, queries.hosts(by), columns=HOSTS, filename=str(_("依托单位")))
    return page(request, "network/hosts.html", {"listing": shown, "may_register": rules.may_register_host(by)}) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Host", "Organisation"))
def host(request: HttpRequest, host: str) -> HttpResponse:
    found = queries.host(request.by, host)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such host")
    return _seated(request, found, "network/host.html", {"host": found})


def _seated(request: HttpRequest, place: Area | Host, template: str, context: dict[str, Any]) -> HttpResponse:
    """A place with the organisations that sit there."""
    shown = listing(request, queries.seated(request.by, place), columns=COLUMNS, filename=place.name)  # type: ignore[attr-defined]
    return page(request, template, {**context, "listing": shown}) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("ExternalBody",))
def external_bodies(request: HttpRequest) -> HttpResponse:
    """Bodies outside the federation: name, host, date. Never a roster."""
    by = request.by  # type: ignore[attr-defined]
    shown = listing(request, queries.external_bodies(by), columns=EXTERNAL, filename=str(_("外部团体")))
    return page(request, "network/external_bodies.html", {"listing": shown, "may_register": rules.may_register_host(by)}) if isinstance(shown, Listing) else shown
