"""Pages of the journal: entries of an organisation, entries about a thing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from juzhi.base.access import AUDITOR, SECRETARY, access
from juzhi.journal import queries
from juzhi.web import replies


@access(duty=(AUDITOR, SECRETARY), of="organisation", reads=("Entry",))
def organisation_entries(request: HttpRequest, organisation: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    page = queries.page(by, queries.entries_of_organisation(by, organisation), request.GET.get("page"))
    return replies.page(request, "journal/entries.html", {"page": page, "about": ""}, fragment="journal/_entries.html")


@access(duty=(AUDITOR, SECRETARY), reads=("Entry",))
def thing_entries(request: HttpRequest, kind: str, thing: str) -> HttpResponse:
    by = request.by  # type: ignore[attr-defined]
    page = queries.page(by, queries.entries_of_thing(by, kind, thing), request.GET.get("page"), (kind, thing))
    if not page.paginator.count:
        raise Http404("no entry that this actor may see")
    return replies.page(request, "journal/entries.html", {"page": page, "about": queries.kind_label(kind)}, fragment="journal/_entries.html")
