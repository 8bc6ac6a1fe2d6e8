"""The tree, an organisation, its history, and the lists beside them: public facts, as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import ANYONE, access
from juzhi.base.errors import Refused
from juzhi.network import queries, rules
from juzhi.network.forms import ListForm, SectorForm, TreeForm
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
SUPERIOR = Column("superior", _("上级组织"), lambda row: row.superior or "", sort="superior", classed="public")
LISTED = (*COLUMNS[:3], SUPERIOR, *COLUMNS[3:])  # what is exported is read again: the superior tells bodies of one name apart
HOSTS = (
    Column("name", _("名称"), lambda row: row.name, sort="name_key", classed="public"),
    Column("type", _("类型"), lambda row: row.get_host_type_display(), sort="host_type", classed="public"),
    Column("area", _("所在区划"), lambda row: row.area.name if row.area else "", sort="area__code", classed="public"),
    Column("owner", _("权属单位"), lambda row: row.owner.name if row.owner else "", sort="owner__name_key", classed="public"),
    Column("bodies", _("依托它的组织"), lambda row: row.bodies or 0, sort="bodies", classed="public", text=False),
)
SECTORS = (
    Column("name", _("名称"), lambda row: row.name, sort="name", classed="public"),
    Column("bodies", _("组织"), lambda row: row.bodies, sort="bodies", classed="public", text=False),
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
    """What every page as of a day shows of it: the day asked for, as typed, and the end of links that keep it.

    With a wrong one today's page, what is wrong (`error`; `problem` = of the other questions), and the status 400. A file of another day than
    asked for would be believed: refused.
    """
    form.is_valid()
    typed = request.GET.get("as_of", "")[:20]
    day = form.cleaned_data.get("as_of")
    tail = "?" + urlencode({"as_of": typed}) if day else ""
    error = gettext("；").join(str(one) for one in form.errors.get("as_of", []))
    problem = gettext("；").join(str(one) for name, errors in form.errors.items() if name != "as_of" for one in errors)
    if (error or problem) and request.GET.get("format"):
        raise Refused(error or problem, code="question")
    return {"day": day or request.by.today, "as_of": typed, "error": error, "tail": tail, **({"problem": problem} if problem else {})}  # type: ignore[attr-defined]


def reply(request: HttpRequest, template: str, when: dict[str, Any], *, fragment: str | None = None, **context: Any) -> HttpResponse:
    """A page as of the day that `asked` read; 400 where it was asked for wrongly."""
    return page(request, template, {**when, **context}, fragment=fragment, status=400 if when["error"] or "problem" in when else None)


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
    return reply(request, "network/tree.html", when, tree=shown, words=words, fragment="network/_tree.html")


@access(duty=ANYONE, reads=("Organisation",))
def branch(request: HttpRequest, organisation: str) -> HttpResponse:
    """Bodies directly beneath one, on a day."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    when = asked(request, TreeForm(request.GET))
    path = queries.path_named(by, found, when["day"])
    nodes = queries.children(by, found, when["day"])
    return reply(request, "network/branch.html", when, organisation=found, nodes=nodes, path=path, crumbs=crumbs(path, when["tail"]), fragment="network/_nodes.html")


@access(duty=ANYONE, reads=("Organisation",))
def organisations(request: HttpRequest) -> HttpResponse:
    """The flat list with filters, sorted and exported as shown."""
    by = request.by  # type: ignore[attr-defined]
    form = ListForm(by, request.GET)
    when = asked(request, form)
    rows = queries.listed(by, when["day"], form.cleaned_data)
    shown = listing(request, rows, columns=LISTED, filename=str(_("组织名单")))
    under = form.cleaned_data.get("under")
    return reply(request, "network/organisations.html", when, listing=shown, filters=form, under=under) if isinstance(shown, Listing) else shown


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
    now = about.edges.parent.parent if about.edges.parent else None
    may = rules.verbs(by, found, now if when["day"] == by.today else queries.parent(by, found, by.today))
    claims = queries.claims(by, found, when["day"])
    return reply(request, "network/organisation.html", when, organisation=found, about=about, crumbs=crumbs(about.path, when["tail"]), may=may, claims=claims, may_claim="record_claim" in may)


@access(duty=ANYONE, reads=("Organisation",))
def history(request: HttpRequest, organisation: str) -> HttpResponse:
    """What was true when: names, superiors, seats."""
    found = organisation_or_404(request, organisation)
    path = [*queries.path_named(request.by, found, request.by.today), (found, str(_("沿革")))]  # type: ignore[attr-defined]
    return page(request, "network/history.html", {"organisation": found, "moments": queries.told_history(request.by, found), "crumbs": crumbs(path, "")})  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Area",))
def areas(request: HttpRequest) -> HttpResponse:
    """Official divisions with the organisations seated there on a day, from the first level at which there is something to choose."""
    when = asked(request, TreeForm(request.GET))
    above, found = queries.first_areas(request.by, when["day"])  # type: ignore[attr-defined]
    return reply(request, "network/areas.html", when, above=above, areas=found)


@access(duty=ANYONE, reads=("Area", "Organisation"))
def area(request: HttpRequest, area: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    found = queries.area(by, area)
    if found is None:
        raise Http404("no such area")
    when = asked(request, TreeForm(request.GET))
    may = rules.area_verbs(by, found)
    shown = {"area": found, "above": queries.areas_above(found), "beneath": queries.areas_with_counts(by, found, when["day"]), "registers": queries.registers(by, found, when["day"])}
    return _seated(request, found, when, "network/area.html", **shown, profile=queries.profile(by, found, when["day"]), may=may, may_claim="record_claim" in may)


@access(duty=ANYONE, reads=("Host",))
def hosts(request: HttpRequest) -> HttpResponse:
    """Buildings, hospitals, universities, parks and enterprises that organisations lean on."""
    by, when = request.by, asked(request, TreeForm(request.GET))  # type: ignore[attr-defined]
    shown = listing(request, queries.hosts(by, when["day"]), columns=HOSTS, filename=str(_("依托单位")))
    return reply(request, "network/hosts.html", when, listing=shown, may_register=rules.may_register_host(by)) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Host", "Organisation"))
def host(request: HttpRequest, host: str) -> HttpResponse:
    found = queries.host(request.by, host)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such host")
    by, when = request.by, asked(request, TreeForm(request.GET))  # type: ignore[attr-defined]
    said = {"claims": queries.claims(by, found, when["day"]), "may_claim": rules.may_record_claim(by, found)}
    return _seated(request, found, when, "network/host.html", host=found, **said)


@access(duty=ANYONE, reads=("Sector",))
def sectors(request: HttpRequest) -> HttpResponse:
    """Superiors by trade, with the organisations in them on a day."""
    when = asked(request, TreeForm(request.GET))
    shown = listing(request, queries.sectors(request.by, when["day"]), columns=SECTORS, filename=str(_("系统")))  # type: ignore[attr-defined]
    return reply(request, "network/sectors.html", when, listing=shown) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Sector", "Organisation"))
def sector(request: HttpRequest, sector: str) -> HttpResponse:
    """A sector on a day: its organisations, by level and by area."""
    by, found = request.by, queries.sector(request.by, sector)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such sector")
    form = SectorForm(by, request.GET)
    when = asked(request, form)
    chosen = {name: form.cleaned_data.get(name) or None for name in ("level", "area")}
    rows = queries.in_sector(by, found, when["day"], chosen["level"] or "", chosen["area"])
    shown = listing(request, rows, columns=COLUMNS, filename=found.name)
    if isinstance(shown, HttpResponse):
        return shown
    levels, areas = queries.sector_parts(by, found, when["day"])
    return reply(request, "network/sector.html", when, sector=found, listing=shown, levels=levels, areas=areas, narrowed=form.narrowed())


def _seated(request: HttpRequest, place: Area | Host, when: dict[str, Any], template: str, **context: Any) -> HttpResponse:
    """A place with the organisations that sat there on the day."""
    shown = listing(request, queries.seated(request.by, place, when["day"]), columns=COLUMNS, filename=place.name)  # type: ignore[attr-defined]
    return reply(request, template, when, listing=shown, **context) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("ExternalBody",))
def external_bodies(request: HttpRequest) -> HttpResponse:
    """Bodies outside the federation: name, host, date. Never a roster."""
    by = request.by  # type: ignore[attr-defined]
    shown = listing(request, queries.external_bodies(by), columns=EXTERNAL, filename=str(_("外部团体")))
    return page(request, "network/external_bodies.html", {"listing": shown, "may_register": rules.may_register_host(by)}) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("ExternalBody", "Organisation"))
def external_body(request: HttpRequest, external_body: str) -> HttpResponse:
    """A body outside the federation, and the organisations that it guides on a day, or guided before."""
    by, found = request.by, queries.external_body(request.by, external_body)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such body")
    when = asked(request, TreeForm(request.GET))
    shown = listing(request, queries.guided(by, found, when["day"]), columns=COLUMNS, filename=found.name)
    if isinstance(shown, HttpResponse):
        return shown
    founded = queries.day_text(found.founded_on, found.founded_precision)
    return reply(request, "network/external_body.html", when, body=found, founded=founded, listing=shown, before=queries.guided_before(by, found, when["day"]))
