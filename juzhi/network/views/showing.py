"""The tree, an organisation, its history, and the lists beside them: public facts, as of any day."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from juzhi.base.access import ANYONE, access
from juzhi.network import queries, rules
from juzhi.network.forms import ListForm, TreeForm
from juzhi.network.models import Organisation
from juzhi.web.replies import Column, Listing, listing, page

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
)


def organisation_or_404(request: HttpRequest, key: str) -> Organisation:
    found = queries.organisation(request.by, key)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("no such organisation")
    return found


def asked(request: HttpRequest, form: Any) -> Any:
    """The day asked for, today if none or a wrong one."""
    form.is_valid()
    return form.cleaned_data.get("as_of") or request.by.today  # type: ignore[attr-defined]


@access(duty=ANYONE, reads=("Organisation",))
def tree(request: HttpRequest) -> HttpResponse:
    """The federation on a day: roots and the branches that are open, or what the words find."""
    form = TreeForm(request.GET)
    day = asked(request, form)
    words = form.cleaned_data.get("q", "")
    opened = [one for one in request.GET.get("open", "").split(",") if one][:20]
    shown = queries.tree(request.by, day, words, opened)  # type: ignore[attr-defined]
    context = {"tree": shown, "day": day, "words": words, "as_of": request.GET.get("as_of", ""), "error": "；".join(form.errors.get("as_of", [])), "wrong": form.errors.get("q")}
    return page(request, "network/tree.html", context, fragment="network/_tree.html")


@access(duty=ANYONE, reads=("Organisation",))
def branch(request: HttpRequest, organisation: str) -> HttpResponse:
    """Bodies directly beneath one, on a day."""
    found = organisation_or_404(request, organisation)
    day = asked(request, TreeForm(request.GET))
    context = {"organisation": found, "nodes": queries.children(request.by, found, day), "as_of": request.GET.get("as_of", ""), "day": day}  # type: ignore[attr-defined]
    return page(request, "network/branch.html", context, fragment="network/_nodes.html")


@access(duty=ANYONE, reads=("Organisation",))
def organisations(request: HttpRequest) -> HttpResponse:
    """The flat list with filters, sorted and exported as shown."""
    by = request.by  # type: ignore[attr-defined]
    form = ListForm(by, request.GET)
    rows = queries.listed(by, asked(request, form), form.cleaned_data)
    shown = listing(request, rows, columns=COLUMNS, filename=str(_("组织名单")))
    return page(request, "network/organisations.html", {"listing": shown, "form": form}, status=None) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Organisation",))
def choices(request: HttpRequest) -> HttpResponse:
    """Names for a picker: whatever the address's one part says."""
    words = next((value for name, value in request.GET.items() if value), "")[:60]
    found = queries.found_by_words(request.by, words, limit=20)  # type: ignore[attr-defined]
    return page(request, "network/choices.html", {"found": found}, fragment="network/_choices.html")


@access(duty=ANYONE, reads=("Organisation", "OrganisationContact"))
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """What is publicly known of it on a day, and to its staff what they may do."""
    by, found = request.by, organisation_or_404(request, organisation)  # type: ignore[attr-defined]
    form = TreeForm(request.GET)
    day = asked(request, form)
    context = {"organisation": found, "about": queries.about(by, found, day), "day": day, "as_of": request.GET.get("as_of", ""), "error": "；".join(form.errors.get("as_of", []))}
    return page(request, "network/organisation.html", {**context, "may": rules.verbs(by, found, context["about"].edges)})


@access(duty=ANYONE, reads=("Organisation",))
def history(request: HttpRequest, organisation: str) -> HttpResponse:
    """What was true when: names, superiors, seats."""
    found = organisation_or_404(request, organisation)
    return page(request, "network/history.html", {"organisation": found, "moments": queries.told_history(request.by, found)})  # type: ignore[attr-defined]


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
    return page(request, "network/area.html", {"area": found, "beneath": queries.areas_with_counts(by, found), "seated": queries.seated(by, found)})


@access(duty=ANYONE, reads=("Host",))
def hosts(request: HttpRequest) -> HttpResponse:
    """Buildings, hospitals, universities, parks and enterprises that organisations lean on."""
    shown = listing(request, queries.hosts(request.by), columns=HOSTS, filename=str(_("依托单位")))  # type: ignore[attr-defined]
    return page(request, "network/hosts.html", {"listing": shown}) if isinstance(shown, Listing) else shown


@access(duty=ANYONE, reads=("Host", "Organisation"))
def host(request: HttpRequest, host: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    found = queries.host(by, host)
    if found is None:
        raise Http404("no such host")
    return page(request, "network/host.html", {"host": found, "seated": queries.seated(by, found)})
